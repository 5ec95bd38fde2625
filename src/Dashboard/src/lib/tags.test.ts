import { describe, expect, it } from 'vitest';
import { addTags, maxTags } from './tags';

describe('addTags', () => {
  it('takes several at once and cleans them', () => {
    expect(addTags(['db'], ' web ,, eu-west ')).toEqual(['db', 'web', 'eu-west']);
    expect(addTags([], '  ,  ')).toEqual([]);
  });

  it('has each once, whatever its case', () => expect(addTags(['Db'], 'db,web,WEB')).toEqual(['Db', 'web']));

  it('keeps to the limits', () => {
    const full = addTags([], Array.from({ length: 30 }, (_, i) => `t${i}`).join(','));
    expect(full).toHaveLength(maxTags);
    expect(addTags(full, 'more')).toEqual(full);
    expect(addTags([], 'x'.repeat(60))[0]).toHaveLength(50);
  });
});
