/* Moves the bar of work in the background by itself, and loads the page anew when the work has ended.
   Without this script the page reloads every few seconds (a noscript meta refresh). Chrome 78. */
(function () {
  "use strict";

  var EVERY = 1000;
  var bar = document.querySelector("[data-progress]");
  var words = document.querySelector("[data-progress-words]");
  if (!bar) {
    return;
  }

  function show(found) {
    if (!found.running) {
      window.location.reload();
      return;
    }
    if (found.total) {
      bar.max = found.total;
      bar.value = found.done;
    } else {
      bar.removeAttribute("value");
    }
    if (words) {
      words.textContent = found.words;
    }
    window.setTimeout(ask, EVERY);
  }

  function ask() {
    fetch(bar.getAttribute("data-progress"), { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (answer.redirected || !answer.ok) {
          throw new Error(answer.status);
        }
        return answer.json();
      })
      .then(show)
      .catch(function () {
        window.setTimeout(ask, 5 * EVERY); // the server or the line is away for a while
      });
  }

  window.setTimeout(ask, EVERY);
})();
