import { describe, expect, it } from 'vitest';
import { auditPageSize, defaultAuditState, formatAuditState, isFiltered, parseAuditState, toAuditQuery, type AuditState } from './auditQuery';

const parse = (text: string) => parseAuditState(new URLSearchParams(text));
const full: AuditState = { actor: 'a&b', action: 'host.', targetKind: 'host', targetId: '7', outcome: 'failed', from: '2026-02-01', to: '2026-02-28', before: 99 };

describe('audit state in the address', () => {
  it('is empty as long as everything is as usual', () => {
    expect(formatAuditState(defaultAuditState)).toBe('');
    expect(parse('')).toEqual(defaultAuditState);
  });

  it('comes back from its own text', () => expect(parse(formatAuditState(full))).toEqual(full));

  it('ignores what it does not know', () => {
    expect(parse('outcome=odd&from=2026-02-30&to=tomorrow&before=-1')).toEqual(defaultAuditState);
    expect(parse('before=1.5').before).toBeNull();
  });
});

describe('toAuditQuery', () => {
  it('leaves out what is not set', () => expect(toAuditQuery(defaultAuditState)).toEqual({ limit: auditPageSize }));

  it('includes both days, in the time of this browser', () => {
    expect(toAuditQuery(full)).toEqual({
      actor: 'a&b', action: 'host.', targetKind: 'host', targetId: '7', outcome: 'failed', before: 99, limit: auditPageSize,
      from: new Date(2026, 1, 1).toISOString(), to: new Date(2026, 2, 1).toISOString(),
    });
  });

  it('trims what was typed', () => expect(toAuditQuery({ ...defaultAuditState, actor: ' ann ' }).actor).toBe('ann'));
});

describe('isFiltered', () => {
  it('is not a matter of the page', () => {
    expect(isFiltered({ ...defaultAuditState, before: 5 })).toBe(false);
    expect(isFiltered({ ...defaultAuditState, outcome: 'ok' })).toBe(true);
  });
});
