/* A button that copies the text of a field. Without a script, or where the browser lets none copy, the field is there to
   be selected by hand: the button shows itself only when it works. Floor: Chrome 78. */
(function () {
  "use strict";

  function copy(button, field) {
    field.focus();
    field.select();
    if (!document.execCommand("copy")) return;
    var before = button.textContent;
    button.textContent = button.getAttribute("data-copied");
    window.setTimeout(function () { button.textContent = before; }, 2000);
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    var field = document.getElementById(button.getAttribute("data-copy"));
    if (!field || !document.queryCommandSupported("copy")) return;
    button.hidden = false;
    button.addEventListener("click", function () { copy(button, field); });
  });
}());
