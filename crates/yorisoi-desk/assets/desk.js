/* The desk works without this script; with it, keys, finding and redrawing are quicker. */
(function () {
  "use strict";
  var doc = document;
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
  var asked = 0, waiting;
  function open() { if (finder && !finder.open) { finder.showModal(); question.select(); } }
  function show(list) {
    found.textContent = "";
    list.forEach(function (person) {
      var li = doc.createElement("li"), a = doc.createElement("a"), name = doc.createElement("bdi"), more = doc.createElement("span");
      a.href = person.path; name.textContent = person.name; more.textContent = person.more; more.className = "soft small";
      a.append(name, more); li.append(a); found.append(li);
    });
  }
  function ask() {
    var mine = ++asked, q = question.value.trim();
    if (!q) { show([]); return; }
    fetch("/clients/find?q=" + encodeURIComponent(q), { headers: { accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (list) { if (mine === asked) { show(list); } })
      .catch(function () { if (mine === asked) { show([]); } });
  }
  if (finder) {
    question.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
    finder.addEventListener("keydown", function (event) {
      var links = all("a", found), at = links.indexOf(doc.activeElement);
      if (event.key === "ArrowDown" && links.length) { links[Math.min(at + 1, links.length - 1)].focus(); event.preventDefault(); }
      if (event.key === "ArrowUp" && at >= 0) { (links[at - 1] || question).focus(); event.preventDefault(); }
      if (event.key === "Enter" && doc.activeElement === question && links[0]) { links[0].click(); event.preventDefault(); }
    });
  }

  /* Keys. A button with data-key is pressed by its letter, where nobody is typing. */
  var went = false;
  var ways = { t: "/today", c: "/clients", e: "/exits", h: "/hand-on", l: "/landings", p: "/proof" };
  doc.addEventListener("keydown", function (event) {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") { open(); event.preventDefault(); return; }
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || typing(doc.activeElement) || doc.querySelector("dialog[open]")) { return; }
    if (went) { went = false; if (ways[event.key]) { location.href = ways[event.key]; event.preventDefault(); return; } }
    if (event.key === "g") { went = true; setTimeout(function () { went = false; }, 900); return; }
    if (event.key === "j") { walk(1); } else if (event.key === "k") { walk(-1); }
    else if (event.key === "/") { open(); event.preventDefault(); }
    else if (event.key === "?") { location.href = "/tour#keys"; }
    else if (event.key === "Enter" && here() && doc.activeElement === doc.body) { var link = here().querySelector("a[href]"); if (link) { link.click(); } }
    else {
      var key = all("[data-key]").find(function (el) { return el.dataset.key === event.key && !el.disabled; });
      if (key) { key.click(); event.preventDefault(); }
    }
  });

  /* On a phone the places lie in a row: the one where the reader is comes into view. */
  var place = doc.querySelector(".places [aria-current]");
  if (place) { place.scrollIntoView({ inline: "center", block: "nearest" }); }

  /* Redrawing: the server says that something changed, the page fetches itself anew and keeps the reader's place. */
  var main = doc.getElementById("main");
  var source = main && main.dataset.live;
  /* Nothing that somebody has begun to write, or opened to write in, is taken from under their hands. */
  function begun() {
    return all("input, textarea, select", main).some(function (el) { return el === doc.activeElement || (el.type !== "hidden" && el.value !== el.defaultValue && el.defaultValue !== undefined); }) ||
      all("details[open]", main).some(function (el) { return el.querySelector("form"); });
  }
  /* A button that is replaced between press and release is never pressed: a redraw waits for the hand to lift. */
  var pressed = false, missed = false;
  doc.addEventListener("pointerdown", function () { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    doc.addEventListener(name, function () { setTimeout(function () { pressed = false; if (missed) { missed = false; redraw(); } }, 250); }, true);
  });
  function redraw() {
    if (pressed) { missed = true; return; }
    if (begun()) { return; }
    var at = here() && here().dataset.item, inside = main.contains(doc.activeElement);
    fetch(source, { headers: { "x-fragment": "main" } })
      .then(function (answer) { if (answer.status === 401 || answer.redirected) { location.reload(); return null; } return answer.ok ? answer.text() : null; })
      .then(function (text) {
        if (pressed) { missed = true; return; }
        if (text === null || begun()) { return; }
        main.innerHTML = text;
        start(main);
        var same = at && items().find(function (el) { return el.dataset.item === at; });
        if (same) { same.classList.add("here"); if (inside) { var link = same.querySelector("a[href]"); if (link) { link.focus({ preventScroll: true }); } } }
        else if (inside) { main.focus({ preventScroll: true }); }
      }).catch(function () {});
  }
  if (source && window.EventSource) {
    var stream = new EventSource("/desk/changes?seen=" + main.dataset.seen), due;
    stream.addEventListener("change", function () { clearTimeout(due); due = setTimeout(redraw, 60); });
  }

  /* Small helpers inside a page. */
  function start(root) {
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
  start(doc);
})();
