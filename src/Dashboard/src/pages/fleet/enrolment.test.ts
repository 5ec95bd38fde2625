import { describe, expect, it } from 'vitest';
import { agentCommand, isOnlyLocal } from './enrolment';

describe('enrolment', () => {
  it('names server and token', () => {
    expect(agentCommand('installed', 'http://10.0.0.5:8080', 'abc')).toBe('statusmonitor-agent --server http://10.0.0.5:8080 --token abc');
    expect(agentCommand('checkout', 'http://h', 'abc')).toBe('dotnet run --project src/Agent -c Release -- --server http://h --token abc');
  });

  it('knows addresses that lead nowhere from another machine', () => {
    expect(['localhost', 'a.localhost', '127.0.0.1', '[::1]'].map(isOnlyLocal)).toEqual([true, true, true, true]);
    expect(['10.0.0.5', 'monitor.lan', '127.example.org'].map(isOnlyLocal)).toEqual([false, false, false]);
  });
});
