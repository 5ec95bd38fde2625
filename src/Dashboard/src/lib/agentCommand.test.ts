import { describe, expect, it } from 'vitest';
import { agentCommand, enrolCommand, isOnlyLocal } from './agentCommand';

describe('agentCommand', () => {
  it('names server and token', () => {
    expect(agentCommand('linux', 'http://10.0.0.5:8080', 'abc')).toBe('statusmonitor-agent --server http://10.0.0.5:8080 --token abc');
    expect(agentCommand('macos', 'http://h', 'abc')).toBe('statusmonitor-agent --server http://h --token abc');
    expect(agentCommand('windows', 'http://h', 'abc')).toBe('.\\statusmonitor-agent.exe --server http://h --token abc');
    expect(agentCommand('checkout', 'http://h', 'abc')).toBe('dotnet run --project src/Agent -c Release -- --server http://h --token abc');
  });

  it('enrols', () => {
    expect(enrolCommand('linux', 'https://h', 'sme_1_ab')).toBe('statusmonitor-agent enroll --server https://h --token sme_1_ab');
    expect(enrolCommand('checkout', 'https://h', 'sme_1_ab')).toBe('dotnet run --project src/Agent -c Release -- enroll --server https://h --token sme_1_ab');
  });
});

describe('isOnlyLocal', () => {
  it('knows addresses that lead nowhere from another machine', () => {
    expect(['localhost', 'a.localhost', '127.0.0.1', '[::1]'].map(isOnlyLocal)).toEqual([true, true, true, true]);
    expect(['10.0.0.5', 'monitor.lan', '127.example.org'].map(isOnlyLocal)).toEqual([false, false, false]);
  });
});
