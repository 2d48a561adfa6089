"""Webhooks whose deliveries are due, and what arrived."""

from uploads.services.hooking import deliveries_due
from uploads.tasks import deliver


def everything_due():
    for pk in deliveries_due():
        deliver(delivery_id=pk)


def said(httpserver):
    return [request for request, _ in httpserver.log]
