import { describe, expect, it } from 'vitest';
import { actionGroups, actionName, actionWords, describeAction, outcomeName, targetName } from './auditWords';

describe('describeAction', () => {
  it('tells what was done from what was tried', () => {
    expect(describeAction({ action: 'account.login', outcome: 'ok' })).toBe('signed in');
    expect(describeAction({ action: 'account.login', outcome: 'wrong-credentials' })).toBe('tried to sign in');
    expect(describeAction({ action: 'host.delete', outcome: 'not-allowed' })).toBe('tried to delete the host');
  });

  it('can say an action it does not know', () => {
    expect(describeAction({ action: 'rule.create-all', outcome: 'ok' })).toBe('rule create all');
    expect(describeAction({ action: 'rule.create', outcome: 'limited' })).toBe('tried: rule create');
  });
});

describe('the list of actions', () => {
  it('has every action under a head', () => {
    expect(Object.keys(actionWords).filter((action) => !actionGroups.some(({ prefix }) => action.startsWith(prefix)))).toEqual([]);
  });

  it('calls each by another name within its head', () => {
    for (const { prefix } of actionGroups) {
      const names = Object.keys(actionWords).filter((action) => action.startsWith(prefix)).map(actionName);
      expect(new Set(names).size).toBe(names.length);
    }

    expect(actionName('token.create')).toBe('Make a token');
    expect(actionName('rule.create')).toBe('Rule create');
  });
});

describe('outcomeName', () => {
  it('has words for what it knows and for the rest', () => {
    expect(outcomeName('ok')).toBe('Done');
    expect(outcomeName('limited')).toBe('Too many attempts');
    expect(outcomeName('host-not-found')).toBe('Host not found');
  });
});

describe('targetName', () => {
  const ann = { kind: 'account', id: '1', name: 'ann' };
  it('leaves out what need not be said', () => {
    expect(targetName({ action: 'account.login', target: ann })).toBeNull();
    expect(targetName({ action: 'host.create', target: null })).toBeNull();
    expect(targetName({ action: 'account.session-end', target: { kind: 'session', id: '7d', name: null } })).toBeNull();
  });

  it('names everything else', () => {
    expect(targetName({ action: 'account.role', target: ann })).toBe('ann');
    expect(targetName({ action: 'host.change', target: { kind: 'host', id: '7', name: null } })).toBe('host 7');
    expect(targetName({ action: 'rule.create', target: { kind: 'rule', id: '7', name: 'hot' } })).toBe('hot');
    expect(targetName({ action: 'host.change', target: { kind: 'host', id: null, name: null } })).toBeNull();
  });
});
