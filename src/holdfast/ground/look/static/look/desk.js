/* Holdfast, staff pages: command menu, keys, row movement. Everything works without this file. */
(function () {
  "use strict";
  var find = function (query, root) { return (root || document).querySelector(query); };
  var all = function (query, root) { return Array.prototype.slice.call((root || document).querySelectorAll(query)); };
  var defaults = { down: "j", up: "k", pick: "x", next: "n", search: "/", help: "?" };
  var keys = {};
  var saved = {};
  try { saved = JSON.parse(localStorage.getItem("holdfast.keys") || "{}"); } catch (error) { saved = {}; }
  Object.keys(defaults).forEach(function (name) {
    keys[name] = typeof saved[name] === "string" && saved[name].length === 1 ? saved[name] : defaults[name];
  });

  /* rows: j and k move through the links of every table and list marked data-rows */
  function rows() { return all("[data-rows] tbody tr, [data-rows] > li").filter(function (row) { return find("a,button", row); }); }
  function move(step) {
    var list = rows();
    if (!list.length) { return; }
    var here = list.indexOf(find("[data-on]"));
    var to = list[Math.max(0, Math.min(list.length - 1, here < 0 ? (step > 0 ? 0 : list.length - 1) : here + step))];
    list.forEach(function (row) { row.removeAttribute("data-on"); });
    to.setAttribute("data-on", "");
    find("a,button", to).focus();
    to.scrollIntoView({ block: "nearest" });
  }

  /* narrow screens: the page one is on is in sight in its row of links */
  all(".nav [aria-current], .tabs [aria-current]").forEach(function (link) {
    var box = link.parentNode;
    if (box.scrollWidth > box.clientWidth) { box.scrollLeft += link.getBoundingClientRect().left - box.getBoundingClientRect().left - (box.clientWidth - link.offsetWidth) / 2; }
  });

  /* command menu */
  var menu = find("#menu"), field = menu && find("input", menu), hits = menu && find(".hits", menu), asked = 0;
  function draw(list) {
    hits.textContent = "";
    list.forEach(function (hit, position) {
      var link = document.createElement("a"), name = document.createElement("span"), note = document.createElement("span");
      link.href = hit.url; link.id = "hit" + position;
      link.setAttribute("role", "option");
      name.textContent = hit.label; note.textContent = hit.note || ""; note.className = "s q";
      link.append(name, note); hits.append(link);
    });
    choose(0);
  }
  function choose(position) {
    var links = all("a", hits);
    links.forEach(function (link, index) { link.setAttribute("aria-selected", String(index === position)); });
    if (links[position]) { field.setAttribute("aria-activedescendant", links[position].id); links[position].scrollIntoView({ block: "nearest" }); }
    else { field.removeAttribute("aria-activedescendant"); }
  }
  function chosen() { return all("a", hits).findIndex(function (link) { return link.getAttribute("aria-selected") === "true"; }); }
  function ask() {
    var number = ++asked;
    fetch(menu.dataset.url + "?q=" + encodeURIComponent(field.value), { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : { hits: [] }; })
      .then(function (answer) { if (number === asked) { draw(answer.hits); } })
      .catch(function () { if (number === asked) { draw([]); } });
  }
  function open(words) {
    if (!menu || !menu.showModal) { return false; }
    if (!menu.open) { menu.showModal(); }
    field.value = words || ""; field.focus(); ask();
    return true;
  }
  if (menu && menu.showModal) {
    field.addEventListener("input", ask);
    field.addEventListener("keydown", function (event) {
      var size = all("a", hits).length;
      if (event.key === "ArrowDown") { event.preventDefault(); choose(Math.min(size - 1, chosen() + 1)); }
      if (event.key === "ArrowUp") { event.preventDefault(); choose(Math.max(0, chosen() - 1)); }
      if (event.key === "Enter") {
        var link = all("a", hits)[chosen()];
        if (link) { event.preventDefault(); location.href = link.href; }
      }
    });
    menu.addEventListener("click", function (event) { if (event.target === menu) { menu.close(); } });
  }

  /* help, with keys that can be changed */
  var help = find("#keys");
  if (help) {
    all("input[data-key]", help).forEach(function (input) {
      input.value = keys[input.dataset.key];
      input.addEventListener("change", function () {
        keys[input.dataset.key] = input.value = input.value || defaults[input.dataset.key];
        try { localStorage.setItem("holdfast.keys", JSON.stringify(keys)); } catch (error) { /* kept for this page only */ }
      });
    });
    all("[data-close]", help).forEach(function (button) { button.addEventListener("click", function () { help.close(); }); });
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (open("")) { event.preventDefault(); }
      return;
    }
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) { return; }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type)) { return; }
    var done = true;
    if (event.key === keys.down) { move(1); }
    else if (event.key === keys.up) { move(-1); }
    else if (event.key === keys.pick) { var box = find("[data-on] input[type=checkbox]"); if (box) { box.click(); } }
    else if (event.key === keys.next) { var button = find(".next .btn"); if (button) { button.focus(); } }
    else if (event.key === keys.search) { done = open(""); }
    else if (event.key === keys.help && help && help.showModal) { help.showModal(); }
    else { done = false; }
    if (done) { event.preventDefault(); }
  });

  /* one press, one request; another button of the same form is another wish, as after a download */
  document.addEventListener("submit", function (event) {
    var form = event.target, by = event.submitter, wish = by ? by.name + "=" + by.value : "-";
    if (form.method !== "post") { return; }
    if (form.dataset.sent === wish) { event.preventDefault(); return; }
    form.dataset.sent = wish;
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () { all("form[data-sent]").forEach(function (form) { delete form.dataset.sent; }); });
})();
