// Before anything is drawn, so that a dark page never flashes white.
(function () {
  var system = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var chosen = null;
    try { chosen = localStorage.getItem("theme"); } catch (error) { /* a browser that keeps nothing */ }
    if (chosen !== "light" && chosen !== "dark") chosen = system.matches ? "dark" : "light";
    document.documentElement.dataset.theme = chosen;
  }
  apply();
  system.addEventListener("change", apply);
})();
