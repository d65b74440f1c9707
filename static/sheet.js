/* The scoring page with a browser's help: every item is saved as one leaves it, what can't be saved is kept on this computer
   and tried again, two people's edits of one item are shown side by side, Enter and the arrow keys move down the column.
   Without this file the same form saves as a whole. On the page of one item for many organisations (data-item) each row is
   an item of another sheet: its fields are named after the assessment, and sent under the item's name. Floor: Chrome 78, so no optional chaining and no `??`. */
(function () {
  "use strict";

  var form = document.getElementById("sheet");
  var words = document.getElementById("words");
  if (!form || !form.dataset.save || !words || !window.fetch) return;
  words = words.dataset;

  var RETRY_AFTER = 5000;
  var PAUSE = 1500; /* in writing a remark, after which it is saved */
  var store = "kaoping-sheet-" + form.dataset.sheet;
  var status = document.querySelector("[data-status]");
  var pending = readPending();
  var sending = {};
  if (status.dataset.idle) status.textContent = status.dataset.idle;
  var retryTimer = null;
  var pauseTimer = null;

  /* ---- what one item's fields say ---- */

  function itemOf(element) { return element.closest(".item"); }

  function fieldsOf(item) {
    return Array.from(item.querySelectorAll("input[name], select[name], textarea[name]")).filter(function (field) {
      return field.type !== "file" && !field.matches(":disabled");
    });
  }

  function read(item) {
    var values = {};
    fieldsOf(item).forEach(function (field) {
      if (field.type === "checkbox") {
        if (field.checked) values[field.name] = "on";
      } else values[field.name] = field.value;
    });
    return values;
  }

  function write(item, values) {
    fitClaims(item, values);
    fieldsOf(item).forEach(function (field) {
      if (field.type === "checkbox") field.checked = field.name in values;
      else if (field.name in values) field.value = values[field.name];
    });
  }

  function versionField(item) { return item.querySelector("input[name^='v-']"); }

  /* ---- lines of claims: the last is always blank ---- */

  function claimLines(item) { return Array.from(item.querySelectorAll("[data-claim]")); }

  function ofClaim(line, letter) { return line.querySelector("[name$='-" + letter + "']"); }

  function says(line, letters) {
    return letters.filter(function (letter) {
      var field = ofClaim(line, letter);
      return field.type !== "hidden" && field.value.trim() !== "";
    }).length;
  }

  function isBlankClaim(line) { return says(line, ["m", "o", "d", "p", "f"]) === 0; }

  /* Begun and not yet what can be saved: level, occasion and day are needed. */
  function isHalfClaim(line) {
    var asked = ofClaim(line, "m").type === "hidden" ? ["o", "d"] : ["m", "o", "d"];
    return !isBlankClaim(line) && !ofClaim(line, "x").checked && says(line, asked) < asked.length;
  }

  function addClaim(item) {
    var lines = claimLines(item);
    var last = lines[lines.length - 1];
    var line = last.cloneNode(true);
    var number = Number(last.dataset.claim) + 1;
    line.dataset.claim = number;
    Array.from(line.querySelectorAll("[name]")).forEach(function (field) {
      field.name = field.name.replace(/-\d+-([a-z])$/, "-" + number + "-$1");
      if (field.type === "checkbox") field.checked = false;
      else if (field.type !== "hidden") field.value = "";
    });
    last.parentNode.appendChild(line);
    return line;
  }

  /* After a save: struck lines go, and a blank one is there again. */
  function tidyClaims(item) {
    if (!item.querySelector("[data-claims]")) return;
    claimLines(item).forEach(function (line) {
      if (!ofClaim(line, "x").checked) return;
      if (claimLines(item).length === 1) addClaim(item);
      line.remove();
    });
    var lines = claimLines(item);
    if (!isBlankClaim(lines[lines.length - 1])) addClaim(item);
    claimLines(item).forEach(function (line) { line.classList.toggle("is-blank", isBlankClaim(line)); });
  }

  /* As many lines as these values have: what an earlier visit could not save. */
  function fitClaims(item, values) {
    if (!item.querySelector("[data-claims]")) return;
    var last = Object.keys(values).reduce(function (most, name) {
      var found = name.match(/^k-.*-(\d+)-o$/);
      return found ? Math.max(most, Number(found[1])) : most;
    }, 0);
    var lines = claimLines(item);
    for (var number = Number(lines[lines.length - 1].dataset.claim); number < last; number += 1) addClaim(item);
  }

  /* A new file of the item may prove a claim. */
  function addProofs(item, proofs) {
    Array.from(item.querySelectorAll("[data-claim] [name$='-f']")).forEach(function (list) {
      Object.keys(proofs).forEach(function (key) {
        if (list.querySelector("option[value='" + key + "']")) return;
        list.add(new Option(proofs[key], key));
      });
    });
  }

  /* ---- what is not on the server yet ---- */

  function readPending() {
    try {
      return JSON.parse(localStorage.getItem(store)) || {};
    } catch (error) {
      return {};
    }
  }

  function keep() {
    try {
      if (Object.keys(pending).length) localStorage.setItem(store, JSON.stringify(pending));
      else localStorage.removeItem(store);
    } catch (error) { /* a full or forbidden store: the page itself still holds what was typed */ }
  }

  function remember(item) {
    pending[item.dataset.key] = read(item);
    keep();
  }

  function forget(item) {
    delete pending[item.dataset.key];
    keep();
  }

  function say(text, waiting) {
    status.textContent = text;
    status.classList.toggle("is-waiting", Boolean(waiting));
  }

  function sayWaiting() {
    var keys = Object.keys(pending).filter(function (key) { return !isRefused(key); });
    if (keys.length) say(words.waiting + " " + keys.map(nameOf).join("、"), true);
  }

  function nameOf(key) {
    var item = form.dataset.item ? document.getElementById("item-" + key) : null;
    return item ? item.querySelector("th a").textContent : key;
  }

  /* Not to be sent again as it stands: it was refused, or its row is on another page of the item's table. */
  function isRefused(key) {
    var item = document.getElementById("item-" + key);
    return item ? item.classList.contains("is-wrong") : Boolean(form.dataset.item);
  }

  /* ---- saving ---- */

  function token() {
    var match = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
    return match ? match[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function post(url, body, leaving) {
    return fetch(url, {
      method: "POST",
      body: body,
      credentials: "same-origin",
      keepalive: Boolean(leaving),
      headers: { "X-CSRFToken": token(), Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    }).then(function (response) {
      var type = response.headers.get("Content-Type") || "";
      if (type.indexOf("application/json") !== 0) throw response.status >= 500 ? "server" : "session";
      return response.json().then(function (data) { return { status: response.status, data: data }; });
    });
  }

  function address(key) {
    if (form.dataset.item) return form.dataset.save.replace("/0/", "/" + key + "/");
    return form.dataset.save + encodeURIComponent(key) + "/";
  }

  /* What is sent: on the page of one item, under the item's name. */
  function body(values) {
    var sent = new URLSearchParams();
    Object.keys(values).forEach(function (name) {
      var named = form.dataset.item ? name.replace(/^([a-z]+)-\d+/, "$1-" + form.dataset.item) : name;
      sent.append(named, values[name]);
    });
    return sent;
  }

  function send(item) {
    var key = item.dataset.key;
    if (sending[key]) {
      sending[key] = "again";
      return;
    }
    var values = read(item);
    if (!versionField(item) || !(versionField(item).name in values)) return;
    sending[key] = "once";
    say(words.saving);
    post(address(key), body(values)).then(
      function (answer) { done(item, values, answer); },
      function (reason) { failed(item, reason); }
    );
  }

  function done(item, sent, answer) {
    var key = item.dataset.key;
    var again = sending[key] === "again";
    delete sending[key];
    if (answer.status === 200) {
      accepted(item, answer.data);
      if (JSON.stringify(dropVersion(read(item))) === JSON.stringify(dropVersion(sent))) forget(item);
      else again = true;
      tidyClaims(item);
    } else refused(item, answer);
    if (again) send(item);
    else sayWaiting();
  }

  function dropVersion(values) {
    var rest = Object.assign({}, values);
    Object.keys(rest).forEach(function (name) { if (name.indexOf("v-") === 0) delete rest[name]; });
    return rest;
  }

  function failed(item, reason) {
    delete sending[item.dataset.key];
    remember(item);
    if (reason === "session") sayLoggedOut();
    else sayWaiting();
    if (!retryTimer) retryTimer = setTimeout(retry, RETRY_AFTER);
  }

  function retry() {
    retryTimer = null;
    Object.keys(pending).forEach(function (key) {
      var item = document.getElementById("item-" + key);
      if (item && !isRefused(key)) send(item);
    });
  }

  function sayLoggedOut() {
    say(words.session + " ", true);
    var link = document.createElement("a");
    link.href = "/login/";
    link.target = "_blank";
    link.textContent = words.login;
    status.appendChild(link);
  }

  function accepted(item, data) {
    versionField(item).value = data.version;
    setState(item, data.state);
    message(item, "");
    item.querySelector("[data-formula]").textContent = data.formula;
    var worth = item.querySelector("[data-worth]");
    if (worth) worth.textContent = data.worth;
    showOthers(item, data.others);
    if (form.dataset.item) countLeft();
    else sums(data.sums);
    say(words.saved + " " + data.sums.saved);
  }

  /* How many organisations of this page have no mark of this item yet. */
  function countLeft() {
    var left = Array.from(form.querySelectorAll(".item.is-blank")).filter(function (item) {
      return Array.from(item.querySelectorAll("[data-cell]")).some(function (cell) {
        return cell.value === "" && !cell.matches(":disabled"); /* a field of another department may wait for it */
      });
    });
    document.querySelector("[data-left]").textContent = left.length;
  }

  /* Points that other departments gave meanwhile stand in fields that are closed here. */
  function showOthers(item, counts) {
    Object.keys(counts || {}).forEach(function (measure) {
      var field = document.getElementById("c-" + item.dataset.key + "-" + measure);
      if (field && field.disabled) field.value = counts[measure];
    });
  }

  function refused(item, answer) {
    setState(item, "is-wrong");
    remember(item);
    if (answer.data.conflict === undefined) message(item, answer.data.error);
    else conflict(item, answer.data);
    say(answer.data.error || "", true);
  }

  function setState(item, state) {
    ["is-blank", "is-scored", "is-na", "is-optional", "is-tripped", "is-wrong"].forEach(function (name) {
      item.classList.toggle(name, name === state);
    });
    Array.from(item.querySelectorAll(".cell")).forEach(function (cell) {
      if (state === "is-wrong") cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
    });
  }

  function message(item, text) {
    var place = item.querySelector("[data-message]");
    place.textContent = "";
    if (!text) return null;
    var line = document.createElement("p");
    line.className = "item-error";
    line.setAttribute("role", "alert");
    line.textContent = text;
    place.appendChild(line);
    return line;
  }

  function conflict(item, data) {
    var key = item.dataset.key;
    var told = words.conflict.replace("{by}", data.by).replace("{theirs}", data.conflict).replace("{at}", data.at);
    var line = message(item, told);
    line.appendChild(document.createElement("br"));
    line.appendChild(choice(words.mine, function () {
      versionField(item).value = data.version;
      send(item);
    }));
    line.appendChild(choice(words.theirs, function () {
      if (item.querySelector("[data-claims]")) { /* their claims are other lines than these */
        forget(item);
        location.reload();
        return;
      }
      var values = {};
      values["p-" + key] = data.theirs.points;
      values["r-" + key] = data.theirs.remark;
      values["why-" + key] = data.theirs.reason;
      if (data.theirs.not_applicable) values["na-" + key] = "on";
      Array.from(item.querySelectorAll("[name^='c-']")).forEach(function (field) {
        values[field.name] = data.theirs.counts[field.name.slice(("c-" + key + "-").length)] || "";
      });
      var level = item.querySelector("[name^='l-']");
      if (level) values[level.name] = levelAmong(level, data.theirs.counts);
      write(item, values);
      versionField(item).value = data.version;
      send(item);
    }));
  }

  function levelAmong(select, counts) {
    var held = Array.from(select.options).filter(function (option) { return counts[option.value] === "1"; });
    return held.length ? held[0].value : "";
  }

  function choice(label, action) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", action);
    return button;
  }

  function sums(data) {
    fill(document.getElementById("sums"), data);
    tripped(data.tripped);
    Object.keys(data.sections).forEach(function (position) {
      var section = data.sections[position];
      Array.from(document.querySelectorAll("[data-section='" + position + "']")).forEach(function (place) {
        fill(place, section);
        place.classList.toggle("is-complete", section.scored === section.required);
      });
    });
  }

  /* What stands in the way of the award, plainly under the sum. */
  function tripped(sentences) {
    var list = document.querySelector("[data-tripped]");
    list.textContent = "";
    sentences.forEach(function (sentence) {
      var line = document.createElement("li");
      line.textContent = sentence;
      list.appendChild(line);
    });
    list.hidden = !sentences.length;
  }

  function fill(place, data) {
    Array.from(place.querySelectorAll("[data-sum]")).forEach(function (element) {
      var name = element.dataset.sum;
      if (element.parentElement.matches(".side-bonus")) element.parentElement.hidden = !data[name];
      if (name === "progress") element.value = data.scored;
      else element.textContent = data[name] === "" && name === "points" && place.id === "sums" ? "–" : data[name];
    });
  }

  /* ---- files ---- */

  function upload(item, input) {
    var body = new FormData();
    Array.from(input.files).forEach(function (file) { body.append("files", file); });
    say(words.uploading);
    post(address(item.dataset.key) + "evidence/", body).then(function (answer) {
      if (answer.data.html !== undefined) item.querySelector("[data-files]").innerHTML = answer.data.html;
      addProofs(item, answer.data.proofs || {});
      message(item, (answer.data.errors || []).join(" ") || answer.data.error || "");
      say(answer.data.saved || "");
      input.value = "";
    }, function (reason) {
      if (reason === "session") sayLoggedOut();
      else message(item, words.failed);
    });
  }

  /* ---- what people do ---- */

  form.addEventListener("input", function (event) {
    var item = itemOf(event.target);
    if (!item || event.target.type === "file") return;
    remember(item);
    clearTimeout(pauseTimer);
    if (event.target.matches("textarea")) pauseTimer = setTimeout(send, PAUSE, item);
  });

  form.addEventListener("change", function (event) {
    var item = itemOf(event.target);
    if (!item) return;
    if (event.target.type === "file") {
      if (event.target.files.length) upload(item, event.target);
      return;
    }
    remember(item);
    var line = event.target.closest("[data-claim]");
    if (line && isHalfClaim(line)) return; /* sent once the line is whole, or left */
    var reason = item.querySelector("input[name^='why-']");
    if (event.target.type === "checkbox" && event.target.checked && reason && !reason.value.trim()) reason.focus();
    else send(item);
  });

  form.addEventListener("focusout", function (event) {
    var line = event.target.closest("[data-claim]");
    if (line && isHalfClaim(line) && !line.contains(event.relatedTarget)) send(itemOf(line));
  });

  form.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || !event.target.matches("[data-cell]")) return;
    var step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (event.key !== "Enter" && event.target.matches("select"))) return; /* arrows choose in a list */
    event.preventDefault();
    var column = event.target.dataset.cell; /* on the page of one item each of its fields is a column of its own */
    var cells = Array.from(form.querySelectorAll("[data-cell]")).filter(function (cell) {
      return cell.dataset.cell === column && !cell.matches(":disabled");
    });
    var next = cells[cells.indexOf(event.target) + step];
    if (!next) event.target.blur();
    else {
      next.focus();
      if (next.select) next.select();
    }
  });

  /* Removing a file posts the whole form; what is still pending is kept and sent again on the page that follows. */
  var removing = false;
  form.addEventListener("click", function (event) {
    removing = event.target.matches(".file-remove");
  });

  form.addEventListener("submit", function (event) {
    if (removing) return;
    event.preventDefault();
    Object.keys(pending).forEach(function (key) {
      var item = document.getElementById("item-" + key);
      if (item) send(item);
    });
  });

  window.addEventListener("online", retry);

  /* Whoever leaves in the middle of a word: it is sent on the way out, and kept in case that fails. */
  window.addEventListener("pagehide", function () {
    Object.keys(pending).forEach(function (key) {
      if (!isRefused(key) && !sending[key]) post(address(key), body(pending[key]), true).catch(function () {});
    });
  });
  window.addEventListener("beforeunload", function (event) {
    if (Object.keys(pending).some(function (key) { return !isRefused(key); })) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  /* ---- what an earlier visit could not save ---- */

  Object.keys(pending).forEach(function (key) {
    var item = document.getElementById("item-" + key);
    if (!item || !versionField(item)) return;
    write(item, pending[key]);
    message(item, words.restored);
    send(item);
  });
}());
