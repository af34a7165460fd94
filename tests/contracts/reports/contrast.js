// The texts of a page with a contrast below 4.5:1 (WCAG 2.2, 1.4.3), with their ratio.
(() => {
  const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const solid = (colour) => { const [r, g, b, a = 1] = numbers(colour); return a === 1 ? [r, g, b] : null; };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = solid(getComputedStyle(one).backgroundColor);
      if (colour) return colour;
    }
    return [255, 255, 255];
  };
  const weak = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !element.checkVisibility() || element.closest("script, style, .bar, option")) continue;
    const front = solid(getComputedStyle(element).color);
    if (!front) continue;
    const [bright, dim] = [light(front), light(behind(element))].sort((a, b) => b - a);
    const ratio = (bright + 0.05) / (dim + 0.05);
    if (ratio < 4.5) weak.add(`${element.className || element.tagName} ${ratio.toFixed(2)}`);
  }
  return [...weak];
})()
