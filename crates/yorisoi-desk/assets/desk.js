/* The desk works without this script; with it, keys, finding and redrawing are quicker. */
(function () {
  "use strict";
  var doc = document, main = doc.getElementById("main");
  var typing = function (el) { return el && /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName); };
  var all = function (selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); };

  /* j and k walk through whatever carries data-item; Enter opens it. */
  function items() { return all("[data-item]"); }
  function here() { return doc.querySelector("[data-item].here"); }
  function walk(step) {
    var list = items(); if (!list.length) { return; }
    var at = list.indexOf(here());
    var next = list[Math.max(0, Math.min(list.length - 1, at + step))] || list[0];
    list.forEach(function (el) { el.classList.remove("here"); });
    next.classList.add("here");
    var link = next.querySelector("a[href]"); if (link) { link.focus({ preventScroll: true }); }
    next.scrollIntoView({ block: "nearest" });
  }

  /* ⌘K finds a person. */
  var finder = doc.getElementById("finder"), question = doc.getElementById("finder-q"), found = doc.getElementById("found");
  var asked = 0, answered = "", waiting;
  function open() { if (finder && !finder.open) { finder.showModal(); question.select(); } }
  function show(list) {
    found.textContent = "";
    list.forEach(function (person) {
      var li = doc.createElement("li"), a = doc.createElement("a"), name = doc.createElement("bdi"), more = doc.createElement("span");
      a.href = person.path; name.textContent = person.name; more.textContent = person.more; more.className = "soft small";
      a.append(name, more); li.append(a); found.append(li);
    });
  }
  /* Whom a question found; then goes to the first of them, if that was asked for. */
  function ask(goes) {
    var mine = ++asked, q = question.value.trim();
    if (!q) { answered = ""; show([]); return; }
    fetch("/clients/find?q=" + encodeURIComponent(q), { headers: { accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (list) {
        if (mine !== asked) { return; }
        answered = q; show(list);
        var first = found.querySelector("a"); if (goes && first) { first.click(); }
      })
      .catch(function () { if (mine === asked) { show([]); } });
  }
  if (finder) {
    question.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(function () { ask(false); }, 120); });
    finder.addEventListener("keydown", function (event) {
      var links = all("a", found), at = links.indexOf(doc.activeElement);
      if (event.key === "ArrowDown" && links.length) { links[Math.min(at + 1, links.length - 1)].focus(); event.preventDefault(); }
      if (event.key === "ArrowUp" && at >= 0) { (links[at - 1] || question).focus(); event.preventDefault(); }
      /* Enter that ends a conversion of Japanese is no Enter, and what was found for fewer letters is not who is meant. */
      if (event.key === "Enter" && doc.activeElement === question && !event.isComposing) {
        event.preventDefault(); clearTimeout(waiting);
        if (links[0] && answered === question.value.trim()) { links[0].click(); } else { ask(true); }
      }
    });
  }

  /* Keys of one letter can be switched off, on the page of the tour; what is chosen stays in this browser. */
  var LETTERS = "yorisoi-letters";
  function letters() { try { return localStorage.getItem(LETTERS) !== "off"; } catch (error) { return true; } }
  function hints(root) { all("[data-key] kbd", root).forEach(function (el) { el.hidden = !letters(); }); }
  var choice = doc.getElementById("letters");
  if (choice) {
    choice.checked = letters();
    choice.closest("[hidden]").hidden = false;
    choice.addEventListener("change", function () {
      try { localStorage.setItem(LETTERS, choice.checked ? "on" : "off"); } catch (error) { choice.checked = true; }
      hints(doc);
    });
  }

  /* Keys. A button with data-key is pressed by its letter, where nobody is typing; whatever has the focus keeps Enter. */
  var went = false;
  function free() { var el = doc.activeElement; return !el || el === doc.body || el === main; }
  /* Of several buttons of one key the one nearest to the focus is meant; where none is, or more than one, nothing is guessed. */
  function meant(buttons) {
    for (var at = doc.activeElement; at; at = at.parentElement) {
      var inside = buttons.filter(function (el) { return at.contains(el); });
      if (inside.length) { return inside.length === 1 ? inside[0] : null; }
    }
    return null;
  }
  /* Then the first has the focus, and the page says so. */
  function which(button) {
    var group = button.closest("[role=group]"), words = doc.getElementById("several");
    if (group) { group.focus(); }
    if (words) { tell(words.dataset.say); }
  }
  function tell(text) { var words = doc.getElementById("several"); if (words) { words.textContent = text; } }
  doc.addEventListener("keydown", function (event) {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") { open(); event.preventDefault(); return; }
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || typing(doc.activeElement) || doc.querySelector("dialog[open]")) { return; }
    if ((event.key === "Enter" || event.key === " ") && !free()) { return; }
    if (event.key.length === 1 && !letters()) { return; }
    /* The second letter leads to a place that this page has a link to, and does nothing else. */
    if (went) {
      went = false;
      var place = all("[data-go]").find(function (el) { return el.dataset.go === event.key; });
      if (place) { location.href = place.href; event.preventDefault(); }
      return;
    }
    if (event.key === "g") { went = true; setTimeout(function () { went = false; }, 900); return; }
    if (event.key === "j") { walk(1); } else if (event.key === "k") { walk(-1); }
    else if (event.key === "/") { open(); event.preventDefault(); }
    else if (event.key === "?") { location.href = "/tour#keys"; }
    else if (event.key === "Enter" && here()) { var link = here().querySelector("a[href]"); if (link) { link.click(); } }
    else {
      var keys = all("[data-key]").filter(function (el) { return el.dataset.key === event.key && !el.disabled && el.getClientRects().length; });
      if (keys.length && !event.repeat) {
        var key = keys.length > 1 ? meant(keys) : keys[0];
        if (key) { key.click(); } else { which(keys[0]); }
        event.preventDefault();
      }
    }
  });

  /* On a phone the places lie in a row: the one where the reader is comes into view. */
  var place = doc.querySelector(".places [aria-current]");
  if (place) { place.scrollIntoView({ inline: "center", block: "nearest" }); }

  /* Redrawing: the server says that something changed, or something goes on by itself; the page fetches itself anew and keeps
     the reader's place. */
  function going() { return main && main.querySelector("[data-again]"); }
  var source = main && (main.dataset.live || (going() && going().dataset.again));
  /* Nothing that somebody has begun to write, or opened to write in, is taken from under their hands. */
  function isTouched(el) {
    if (el.tagName === "SELECT") { return el.selectedIndex !== Math.max(0, all("option", el).findIndex(function (option) { return option.defaultSelected; })); }
    if (el.type === "checkbox" || el.type === "radio") { return el.checked !== el.defaultChecked; }
    return el.type !== "hidden" && el.value !== el.defaultValue;
  }
  function begun() {
    return all("input, textarea, select", main).some(function (el) { return el === doc.activeElement || isTouched(el); }) ||
      all("details[open]", main).some(function (el) { return el.querySelector("form"); });
  }

  /* What makes an element the same one after a redraw: its id, else where it leads, else what it sends, else what it is called. */
  function mark(el) {
    if (el.id) { return "#" + el.id; }
    if (el.hasAttribute("href")) { return "to " + el.getAttribute("href"); }
    if (!el.form) { return el.tagName + " " + (el.getAttribute("aria-label") || el.textContent); }
    var sent = all("input[type=hidden]", el.form).map(function (field) { return field.name + "=" + field.value; });
    return [el.tagName, el.form.getAttribute("action"), el.name + "=" + el.value].concat(sent).join(" ");
  }
  function alike(name) { return all("[id], [href], [tabindex], button, summary", main).filter(function (el) { return mark(el) === name; }); }

  /* Puts the new page in place of the old one; what the last step had to say stays, and so does the focus. */
  function replace(text) {
    var active = doc.activeElement, inside = active !== main && main.contains(active);
    var name = inside && mark(active), which = inside ? alike(name).indexOf(active) : -1;
    var at = here(), row = (inside && active.closest("[data-item]")) || at, nth = items().indexOf(row);
    var said = main.querySelector("[data-said]"), told = doc.getElementById("several");
    while (main.lastChild && main.lastChild !== said) { main.lastChild.remove(); }
    main.insertAdjacentHTML("beforeend", text);
    start(main);
    unfold(main);
    if (told) { tell(told.textContent); }
    var rows = items();
    var kept = row && rows.find(function (el) { return el.dataset.item === row.dataset.item; });
    var near = kept || (row && rows[Math.min(nth, rows.length - 1)]);
    var same = at && rows.find(function (el) { return el.dataset.item === at.dataset.item; });
    if (same) { same.classList.add("here"); }
    if (!inside || active.isConnected) { return; }
    var twins = alike(name), to = twins[which] || twins[0] || (near && near.querySelector("a[href]")) || main;
    if (at && !same && near && near.contains(to)) { near.classList.add("here"); }
    to.focus({ preventScroll: true });
    if (doc.activeElement !== to) { main.focus({ preventScroll: true }); }
  }

  /* One fetch at a time, and one to follow. The longer the last one took the longer the next one waits, so that a busy house is
     not asked the more. A page that nobody sees waits until somebody does; and a button that is replaced between press and
     release is never pressed, so a redraw waits for the hand to lift. */
  var SOON_MS = 60, SHORTEST_MS = 300, LONGEST_MS = 60000, TIMES = 2, GIVEN_UP_MS = 30000, AGAIN_MS = 2000, LATER_MS = 10000;
  var due = false, underWay = false, pressed = false, notBefore = 0, waits, looks;
  function soonest(pause) { notBefore = Math.max(notBefore, performance.now() + pause); }
  function rest(pause) { soonest(pause * (1 + Math.random() / 4)); }
  /* A whole team is told at one instant and asks at one instant, so that one answer is made for all. */
  function changed() { if (!due) { due = true; soonest(SOON_MS); } redraw(); }
  function lookAgain() { clearTimeout(looks); if (going()) { looks = setTimeout(changed, AGAIN_MS); } }
  function redraw() {
    clearTimeout(waits);
    if (!due || underWay || pressed || doc.hidden) { return; }
    var wait = notBefore - performance.now();
    if (wait > 0) { waits = setTimeout(redraw, wait); return; }
    if (begun()) { waits = setTimeout(redraw, AGAIN_MS); return; }
    due = false;
    var began = performance.now();
    underWay = true;
    fetch(source, { headers: { "x-fragment": "main" }, signal: AbortSignal.timeout && AbortSignal.timeout(GIVEN_UP_MS) })
      .then(function (answer) { if (answer.status === 401 || answer.redirected) { location.reload(); return null; } if (answer.status === 429 || answer.status >= 500) { throw answer.status; } return answer.ok ? answer.text() : null; })
      .then(function (text) {
        if (pressed || begun()) { due = true; return; }
        if (text !== null) { replace(text); }
      }).catch(function () { due = true; rest(LATER_MS); }).then(function () {
        underWay = false;
        rest(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, TIMES * (performance.now() - began))));
        lookAgain();
        redraw();
      });
  }
  doc.addEventListener("pointerdown", function () { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    doc.addEventListener(name, function () { setTimeout(function () { pressed = false; redraw(); }, 250); }, true);
  });
  /* A page that nobody sees listens to nothing: a browser has few lines to one house. */
  var stream;
  function listen() {
    if (!main || !main.dataset.live || !window.EventSource) { return; }
    if (doc.hidden) { if (stream) { stream.close(); stream = null; } return; }
    if (stream) { return; }
    stream = new EventSource("/desk/changes?seen=" + main.dataset.seen);
    stream.addEventListener("change", changed);
  }
  /* Whoever looks again is told at once what has changed since. */
  doc.addEventListener("visibilitychange", function () { listen(); if (!stream) { redraw(); } });
  lookAgain();

  /* Small helpers inside a page. Of what is unfolded or redrawn each is started once. */
  function start(root) {
    hints(root);
    all("[data-elapsed]", root).forEach(function (el) {
      var since = Date.now() - Number(el.dataset.elapsed) * 1000, long = Number(el.dataset.long);
      (function tick() {
        var seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
        el.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
        if (long && seconds >= long) { el.classList.add("long"); var words = doc.getElementById(el.dataset.words); if (words) { words.hidden = false; } }
        if (el.isConnected) { setTimeout(tick, 1000); }
      })();
    });
    all("[data-slide]", root).forEach(function (input) {
      var rows = JSON.parse(doc.getElementById(input.dataset.slide).textContent);
      input.addEventListener("input", function () {
        var row = rows[Number(input.value)]; if (!row) { return; }
        Object.keys(row).forEach(function (name) { var out = doc.getElementById("slide-" + name); if (out) { out.textContent = row[name]; } });
        input.setAttribute("aria-valuetext", row.say || "");
      });
      input.dispatchEvent(new Event("input"));
    });
    all("form[data-once]", root).forEach(function (form) {
      form.addEventListener("submit", function () { setTimeout(function () { all("button", form).forEach(function (button) { button.disabled = true; }); }, 0); });
    });
    all("[data-submit]", root).forEach(function (el) { el.addEventListener("change", function () { el.form.requestSubmit(); }); });
  }
  /* What is folded away is read after the first paint: fields and choices take a browser long, and nobody sees these yet. */
  function unfold(root) {
    all("details > noscript", root).forEach(function (el) {
      var fold = el.parentElement;
      el.outerHTML = el.textContent;
      start(fold);
    });
  }
  start(doc);
  requestAnimationFrame(function () { setTimeout(function () { unfold(doc); listen(); }, 0); });
})();
