import { describe, expect, it } from 'vitest';
import { byEpisodes, hiddenWords, newestEpisodes, previewSentence } from './previewWords';

const episode = (from: number) => ({ from, to: from + 1, peak: null });

describe('a preview in words', () => {
  it('counts as people do', () => {
    expect(previewSentence({ fired: 0 }, '-7d')).toBe('Would not have fired in the last 7 days');
    expect(previewSentence({ fired: 1 }, '-24h')).toBe('Would have fired once in the last 24 hours');
    expect(previewSentence({ fired: 2 }, '-30d')).toBe('Would have fired twice in the last 30 days');
    expect(previewSentence({ fired: 1234 }, '-7d')).toBe('Would have fired 1,234 times in the last 7 days');
  });

  it('puts series with episodes first and lists the newest of all', () => {
    const series = [{ name: 'a', episodes: [] }, { name: 'b', episodes: [episode(1), episode(5)] }, { name: 'c', episodes: [episode(3)] }];
    expect(byEpisodes(series).map(({ name }) => name)).toEqual(['b', 'c', 'a']);
    expect(newestEpisodes(series, 2).map(({ name, from }) => `${name}${from}`)).toEqual(['b5', 'c3']);
  });

  it('says what is not drawn', () => {
    expect(hiddenWords(0)).toBe('');
    expect(hiddenWords(1)).toBe('1 more series is not drawn.');
    expect(hiddenWords(3)).toBe('3 more series are not drawn.');
  });
});
