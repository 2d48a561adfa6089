/* A swap style for htmx, hx-swap="patch": changes only what differs. So focus, open
   menus, ticked boxes and typed text stay, however often a page looks again.

   Elements are matched by id or data-key, others by their place. One with data-whole is
   replaced when anything in it differs: such as one that polls, so that it stops. What is
   in one with data-keep was fetched when a person asked for it, and stays. */
(function () {
  "use strict";

  const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");
  // htmx reads where an element's requests go once; with other ones it is another.
  const asks = (node) => (node.nodeType === 1 ? `${node.getAttribute("hx-get")} ${node.getAttribute("hx-post")}` : "");
  const alike = (one, other) =>
    one.nodeType === other.nodeType &&
    one.nodeName === other.nodeName &&
    keyOf(one) === keyOf(other) &&
    asks(one) === asks(other);

  // What a person may have changed: it is theirs until the server says something new.
  function isTheirs(element, name) {
    if (name === "open" && (element.nodeName === "DETAILS" || element.nodeName === "DIALOG")) return true;
    if (name === "disabled" && element.hasAttribute("data-disabled-by-htmx")) return true;
    return name === "value" && element.nodeName === "INPUT" && element.type !== "hidden" && element.value !== element.defaultValue;
  }

  function attributes(now, next) {
    for (const { name } of [...now.attributes]) {
      if (!next.hasAttribute(name) && !isTheirs(now, name)) now.removeAttribute(name);
    }
    for (const { name, value } of [...next.attributes]) {
      if (now.getAttribute(name) !== value && !isTheirs(now, name)) now.setAttribute(name, value);
    }
  }

  function partner(wanted, cursor, keyed) {
    const key = keyOf(wanted);
    if (key) {
      const found = keyed.get(key);
      return found && alike(found, wanted) ? found : null;
    }
    for (let node = cursor; node; node = node.nextSibling) {
      if (alike(node, wanted)) return node;
    }
    return null;
  }

  function children(now, next, added) {
    const keyed = new Map([...now.children].filter(keyOf).map((one) => [keyOf(one), one]));
    let cursor = now.firstChild;
    for (const wanted of [...next.childNodes]) {
      const found = partner(wanted, cursor, keyed);
      if (!found) {
        now.insertBefore(wanted, cursor);
        if (wanted.nodeType === 1) added.push(wanted);
        continue;
      }
      if (found === cursor) cursor = cursor.nextSibling;
      else now.insertBefore(found, cursor);
      patch(found, wanted, added);
    }
    while (cursor) {
      const gone = cursor;
      cursor = cursor.nextSibling;
      gone.remove();
    }
  }

  function patch(now, next, added) {
    if (now.isEqualNode(next)) return;
    if (now.nodeType !== 1) {
      now.nodeValue = next.nodeValue;
      return;
    }
    if (next.hasAttribute("data-whole")) {
      now.replaceWith(next);
      added.push(next);
      return;
    }
    attributes(now, next);
    if (!now.hasAttribute("data-keep")) children(now, next, added);
  }

  window.htmx.defineExtension("patch", {
    isInlineSwap: (style) => style === "patch",
    handleSwap(style, target, fragment) {
      if (style !== "patch") return false;
      const id = target.id;
      const next = [...fragment.querySelectorAll("[id]")].find((one) => one.id === id);
      const added = [];
      const focused = document.activeElement;
      // Another page came, such as the login: what is shown stays.
      if (next) patch(target, next, added);
      if (focused && focused !== document.activeElement && focused.isConnected) focused.focus();
      return added;
    },
  });
})();
