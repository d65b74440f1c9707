/* The editor with a browser's help: a row's form opens under the row, rows are dragged to their place, the rule's example
   follows what is typed, and the original shows the row one is at. Without this file each of these is an ordinary page.
   Floor: Chrome 78, so no optional chaining and no `??`. */
(function () {
  "use strict";

  if (!window.fetch || !window.DOMParser) return;
  document.documentElement.classList.add("has-script");
  var PAUSE = 500; /* in typing, after which the example is worked out */
  var editor = document.getElementById("editor");

  /* ---- pages that are put into a row ---- */

  function load(url, options) {
    return fetch(url, Object.assign({ credentials: "same-origin" }, options)).then(function (answer) {
      return answer.text().then(function (text) {
        return { url: answer.url, moved: answer.redirected, page: new DOMParser().parseFromString(text, "text/html") };
      });
    });
  }

  function failed(panel) {
    var told = document.createElement("p");
    told.className = "note is-danger";
    told.textContent = editor.dataset.failed;
    panel.insertBefore(told, panel.firstChild);
  }

  function close() {
    var panel = document.querySelector(".row-panel");
    if (panel) panel.parentNode.removeChild(panel);
  }

  function open(link) {
    var row = link.closest(".editor-row, .editor-section");
    var menu = link.closest("details");
    if (menu) menu.open = false;
    close();
    var panel = document.createElement("div");
    panel.className = "row-panel";
    if (row.classList.contains("editor-row")) row.appendChild(panel);
    else row.insertBefore(panel, row.querySelector(".editor-group"));
    mark(row);
    load(link.href).then(function (found) { fill(panel, found, link.href); }).catch(function () { window.location = link.href; });
  }

  function fill(panel, found, address) {
    var content = found.page.querySelector("[data-panel]");
    if (!content) { /* logged out, or somebody else changed the draft: the page itself says so */
      window.location = found.moved ? found.url : address;
      return;
    }
    panel.textContent = "";
    panel.dataset.address = address;
    panel.appendChild(document.adoptNode(content));
    var first = panel.querySelector("textarea, select, input:not([type=hidden])");
    if (first) first.focus({ preventScroll: true });
    var wrong = panel.querySelector(".is-invalid, .input-fault, .alert-danger");
    if (wrong) {
      wrong.scrollIntoView({ block: "center" });
      return;
    }
    if (panel.getBoundingClientRect().bottom > window.innerHeight) panel.parentNode.scrollIntoView({ block: "start" });
  }

  function addressOf(form, panel) { return form.getAttribute("action") || panel.dataset.address; }

  function send(form, panel) {
    var address = addressOf(form, panel);
    load(address, { method: "POST", body: new FormData(form) }).then(function (found) {
      if (!found.moved) {
        if (found.page.querySelector("[data-panel]")) fill(panel, found, address);
        else {
          document.body.innerHTML = found.page.body.innerHTML; /* 409: what has changed, and the way to it */
          window.scrollTo(0, 0);
        }
        return;
      }
      var target = form.closest(".editor-row, .editor-section");
      window.location.hash = target ? target.id : "";
      window.location.reload();
    }).catch(function () { failed(panel); });
  }

  function choose(form, panel) {
    var query = new URLSearchParams(new FormData(form)).toString();
    var address = form.action + "?" + query;
    load(address).then(function (found) { fill(panel, found, address); }).catch(function () { failed(panel); });
  }

  /* ---- the live example ---- */

  var timer = null;

  function preview(form) {
    var data = new FormData(form);
    data.append("preview", "1");
    load(form.action, { method: "POST", body: data }).then(function (found) {
      var fresh = found.page.querySelector("[data-example]");
      var stale = form.querySelector("[data-example]");
      if (fresh && stale) stale.innerHTML = fresh.innerHTML;
    }).catch(function () { /* the example is a help, and the next letter asks again */ });
  }

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-rule]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(function () { preview(form); }, PAUSE);
  });

  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-kinds]");
    if (!form) return;
    var panel = form.closest(".row-panel");
    if (panel) choose(form, panel);
    else form.submit();
  });

  document.addEventListener("click", function (event) {
    var shown = event.target.closest("[data-preview]");
    if (shown) {
      event.preventDefault();
      preview(shown.form);
      return;
    }
    closeMenus(event.target);
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    var link = event.target.closest("[data-open]");
    if (editor && link) {
      event.preventDefault();
      open(link);
    } else if (event.target.closest(".row-panel [data-close]")) {
      event.preventDefault();
      close();
    }
  });

  document.addEventListener("submit", function (event) {
    var panel = event.target.closest(".row-panel");
    if (!panel) return;
    event.preventDefault();
    send(event.target, panel);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !event.isComposing) close();
  });

  if (!editor) return;

  /* ---- the row one is at, in the original ---- */

  function mark(row) {
    document.querySelectorAll(".is-current").forEach(function (one) { one.classList.remove("is-current"); });
    row.classList.add("is-current");
    var there = row.dataset.original && document.getElementById(row.dataset.original);
    if (!there) return;
    there.classList.add("is-current");
    var frame = document.querySelector(".editor-original-tables");
    var beside = frame.getBoundingClientRect(), place = there.getBoundingClientRect();
    frame.scrollTop += place.top - beside.top - (frame.clientHeight - place.height) / 3;
  }

  editor.addEventListener("click", function (event) {
    var row = event.target.closest(".editor-row");
    if (!row) return;
    if (event.target.closest(".to-original") && window.matchMedia("(min-width: 1200px)").matches) event.preventDefault();
    mark(row);
  });
  var named = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (named && named.classList.contains("editor-row")) mark(named);

  function closeMenus(clicked) {
    document.querySelectorAll(".row-menu[open]").forEach(function (menu) {
      if (!menu.contains(clicked)) menu.open = false;
    });
  }

  /* ---- dragging ---- */

  var dragged = null;

  function targetOf(event) {
    var row = event.target.closest(".editor-row");
    if (row) return row === dragged ? null : row;
    return event.target.closest(".editor-section");
  }

  function unmark() {
    document.querySelectorAll(".is-target").forEach(function (one) { one.classList.remove("is-target"); });
  }

  document.querySelectorAll("[data-handle]").forEach(function (handle) {
    handle.draggable = true;
    handle.addEventListener("dragstart", function (event) {
      dragged = handle.closest(".editor-row");
      dragged.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.key);
      event.dataTransfer.setDragImage(dragged, 10, 10);
    });
    handle.addEventListener("dragend", function () {
      unmark();
      if (dragged) dragged.classList.remove("is-dragged");
      dragged = null;
    });
  });

  editor.addEventListener("dragover", function (event) {
    if (!dragged) return;
    unmark();
    var target = targetOf(event);
    if (!target) return;
    event.preventDefault();
    target.classList.add("is-target");
  });

  editor.addEventListener("drop", function (event) {
    var target = dragged && targetOf(event);
    if (!target) return;
    event.preventDefault();
    var form = dragged.querySelector("form.editor-row-actions");
    var onto = target.classList.contains("editor-row");
    add(form, "op", onto ? "before" : "end");
    if (onto) add(form, "before", target.dataset.key);
    else form.querySelector("[name=section]").value = target.dataset.section;
    form.submit();
  });

  function add(form, name, value) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.appendChild(field);
  }
})();
