(function () {
  "use strict";
  var english = document.getElementById("lang-en");
  var japanese = document.getElementById("lang-ja");
  function follow() { document.documentElement.lang = japanese.checked ? "ja" : "en"; }
  var wish = location.hash === "#ja" || location.hash === "#en" ? location.hash.slice(1) : navigator.language;
  if (/^ja/.test(wish)) { japanese.checked = true; }
  english.addEventListener("change", follow);
  japanese.addEventListener("change", follow);
  follow();
})();
