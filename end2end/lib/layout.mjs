// Whether a screen fits.

/** What does not fit, one line each: scrolling, or something to read or press that lies outside or under the footer.
 *  Without `inner`, what lies in the middle may scroll. */
export function misfits(page, where, { inner = true } = {}) {
  return page.evaluate(([where, inner]) => {
    const found = [];
    const root = document.scrollingElement;
    if (root.scrollHeight > innerHeight + 1) found.push(`${where}: the page scrolls, ${root.scrollHeight} of ${innerHeight} px high`);
    if (root.scrollWidth > innerWidth + 1) found.push(`${where}: the page scrolls sideways, ${root.scrollWidth} of ${innerWidth} px wide`);
    const name = (one) => `${one.tagName.toLowerCase()}${one.id ? '#' + one.id : ''}${one.className && typeof one.className === 'string' ? '.' + one.className.split(' ')[0] : ''}`;
    const hidden = (one) => one.closest('.vh, [hidden], dialog:not([open])') || !one.getClientRects().length;
    for (const one of inner ? document.querySelectorAll('.kiosk, .kiosk *') : []) {
      if (hidden(one) || one.tagName === 'TEXTAREA') continue;
      const style = getComputedStyle(one);
      const scrolls = (axis) => ['auto', 'scroll'].includes(style[`overflow${axis}`]);
      const cuts = (axis) => ['hidden', 'clip'].includes(style[`overflow${axis}`]);
      if ((scrolls('Y') || cuts('Y')) && one.scrollHeight > one.clientHeight + 1 && one.clientHeight > 4) found.push(`${where}: ${name(one)} is ${one.scrollHeight} px high in ${one.clientHeight}`);
      if (scrolls('X') && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 4) found.push(`${where}: ${name(one)} is ${one.scrollWidth} px wide in ${one.clientWidth}`);
    }
    const foot = document.querySelector('.k-actions')?.getBoundingClientRect();
    for (const one of document.querySelectorAll(`${inner ? '.kiosk h1, .kiosk main :is(p, label, legend, input, select, textarea, button, dd, dt, h2)' : '.problem'}, .k-actions button, .k-top button`)) {
      if (hidden(one)) continue;
      const box = one.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      const style = getComputedStyle(one);
      if (style.opacity === '0' || style.clipPath !== 'none') continue;
      if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.left < -1 || box.top < -1) found.push(`${where}: ${name(one)} lies outside`);
      else if (foot && one.closest('main') && box.bottom > foot.top + 1) found.push(`${where}: ${name(one)} lies under the footer by ${Math.round(box.bottom - foot.top)} px`);
    }
    return found;
  }, [where, inner]);
}
