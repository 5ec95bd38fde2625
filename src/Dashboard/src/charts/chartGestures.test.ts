import { describe, expect, it } from 'vitest';
import { moveBy } from './chartGestures';

describe('moveBy', () => {
  it('begins at the newest point', () => {
    expect(moveBy(null, 'ArrowLeft', false, 0, 9)).toEqual({ index: 9, anchor: null });
    expect(moveBy(null, 'ArrowLeft', true, 0, 9)).toEqual({ index: 8, anchor: 9 });
  });

  it('goes on within the picture', () => {
    expect(moveBy({ index: 5, anchor: null }, 'ArrowRight', false, 0, 9)).toEqual({ index: 6, anchor: null });
    expect(moveBy({ index: 5, anchor: null }, 'PageUp', false, 2, 9)).toEqual({ index: 2, anchor: null });
    expect(moveBy({ index: 5, anchor: null }, 'End', false, 0, 9)?.index).toBe(9);
    expect(moveBy({ index: 5, anchor: null }, 'Home', false, 2, 9)?.index).toBe(2);
  });

  it('keeps the end where marking began, and forgets it without Shift', () => {
    const marked = moveBy({ index: 5, anchor: null }, 'ArrowLeft', true, 0, 9);
    expect(marked).toEqual({ index: 4, anchor: 5 });
    expect(moveBy(marked, 'ArrowLeft', true, 0, 9)).toEqual({ index: 3, anchor: 5 });
    expect(moveBy(marked, 'ArrowLeft', false, 0, 9)).toEqual({ index: 3, anchor: null });
  });

  it('leaves other keys and empty pictures alone', () => {
    expect(moveBy(null, 'a', false, 0, 9)).toBeNull();
    expect(moveBy(null, 'ArrowLeft', false, 0, -1)).toBeNull();
  });
});
