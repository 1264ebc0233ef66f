
//<![CDATA[
(function () {
  var pinned = null;
  function found(node) {
    return node && node.closest ? node.closest("[data-of]") : null;
  }
  function light(node) {
    document.querySelectorAll(".lit").forEach(function (each) { each.classList.remove("lit"); });
    document.querySelectorAll(".some").forEach(function (each) { each.classList.remove("some"); });
    if (!node) { return; }
    var section = node.closest("section");
    var key = node.dataset.of;
    var keys = [key].concat((node.dataset.ends || "").split(" ")).filter(Boolean);
    section.classList.add("some");
    keys.forEach(function (each) {
      section.querySelectorAll('[data-of="' + each + '"]').forEach(function (one) { one.classList.add("lit"); });
    });
    section.querySelectorAll('[data-ends~="' + key + '"]').forEach(function (one) { one.classList.add("lit"); });
  }
  document.addEventListener("mouseover", function (event) {
    light(found(event.target) || pinned);
  });
  document.addEventListener("click", function (event) {
    var node = found(event.target);
    pinned = node && pinned && node.dataset.of === pinned.dataset.of ? null : node;
    light(pinned);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { pinned = null; light(null); }
  });
})();
//]]>
