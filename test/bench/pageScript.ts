/**
 * What the bench adds to the page of the workbench:
 *
 * - `bench.expect(name, test)` notes when a test first holds after something has changed and was painted
 * - `bench.seen(name)` resolves to that time, of the machine's clock
 * - `bench.startFrames()`, `bench.stopFrames()` resolves to the longest time between two frames
 * - `bench.pressedAt` is when the mouse was last pressed
 */
export const pageScript = `(() => {
  const now = () => performance.timeOrigin + performance.now();
  const expected = new Map();
  const trees = () => [...document.querySelectorAll('.pane-body [role=tree]')];
  const treeOf = (view) => trees().find((each) => each.ariaLabel === view);
  let isWatching = false;
  let longest = 0;
  const bench = {
    pressedAt: 0,
    firstLabel: (view) => treeOf(view)?.querySelector('.monaco-list-row[data-index="0"] .label-name')?.textContent ?? '',
    rowCount: (view) => {
      const rows = treeOf(view)?.querySelector('.monaco-list-rows');
      return rows ? Math.round(parseFloat(rows.style.height) / 22) : 0;
    },
    isEmpty: (view) => {
      const rows = treeOf(view)?.querySelectorAll('.monaco-list-row') ?? [];
      return ![...rows].some((row) => row.getClientRects().length > 0);
    },
    expect: (name, test) => {
      expected.set(name, new Promise((resolve) => {
        // After the frame that shows it: a message is a task of its own, behind the painting.
        const painted = () => requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(now());
          port2.postMessage(0);
        });
        const observer = new MutationObserver(() => {
          if (!test()) return;
          observer.disconnect();
          painted();
        });
        observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
      }));
    },
    seen: (name) => expected.get(name),
    startFrames: () => {
      isWatching = true;
      longest = 0;
      let last = performance.now();
      const frame = () => {
        const at = performance.now();
        longest = Math.max(longest, at - last);
        last = at;
        if (isWatching) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    stopFrames: () => {
      isWatching = false;
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(longest))));
    },
  };
  globalThis.bench = bench;
  addEventListener('mousedown', (event) => { bench.pressedAt = performance.timeOrigin + event.timeStamp; }, true);
})()`;
