/* A slip's picture leads to …/v/#CODE. What stands behind the # never leaves the browser by itself; here it is put into
   the form, taken out of the address and the history, and sent like a code that was typed. */
(function () {
  "use strict";

  var form = document.querySelector("[data-vote]");
  var code = window.location.hash.slice(1);
  if (!form || !code) return;
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.code.value = code;
  form.submit();
}());
