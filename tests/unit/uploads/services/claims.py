"""Claims at the same moment, and what a tracker allows."""

import threading

from django.db import connection

from trackers.models import Tracker


def in_threads(count, action):
    """Run `action` in so many threads at the same moment; gives what each returned."""
    gate, results = threading.Barrier(count), []

    def run():
        try:
            gate.wait()
            results.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count, "a thread failed"
    return results


def limit(site, requests, seconds):
    Tracker.objects.filter(slug=site).update(
        budget_requests=requests, budget_seconds=seconds
    )
