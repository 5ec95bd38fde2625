import { describe, expect, it } from 'vitest';
import type { Channel } from '../../api/alertTypes';
import { channelBody, channelKinds, channelSettings, describeChannel, draftOf, newChannel } from './channelForm';

const stored: Channel = {
  id: 3, name: 'Hook', kind: 'webhook', enabled: true, settings: { template: '{}' }, secrets: ['url', 'secret', 'header.Authorization', 'header.X-Team'], createdAt: '2026-11-22T10:00:00Z', classic: false,
};

describe('channelBody', () => {
  it('sends what was filled in', () => {
    expect(channelBody({ ...newChannel('email'), name: ' Mail ', settings: { security: 'tls', to: ' a@example.com ', port: '' }, secrets: { password: 'x' } }, null)).toEqual({
      name: 'Mail', kind: 'email', enabled: true, settings: { security: 'tls', to: 'a@example.com', password: 'x' },
    });
  });

  it('lets secrets stay that were not touched', () => {
    expect(channelBody(draftOf(stored), stored).settings).toEqual({ template: '{}' });
  });

  it('sends a secret that is taken away as empty', () => {
    const draft = draftOf(stored);
    expect(channelBody({ ...draft, secrets: { secret: '' }, headers: draft.headers.filter(({ name }) => name !== 'X-Team') }, stored).settings).toEqual({ template: '{}', secret: '', 'header.X-Team': '' });
  });

  it('sends new headers, and those whose value is another', () => {
    const headers = [{ name: 'Authorization', value: 'Bearer y' }, { name: 'X-Team', value: null }, { name: ' X-New ', value: 'z' }, { name: ' ', value: 'nothing' }];
    expect(channelBody({ ...draftOf(stored), headers }, stored).settings).toEqual({ template: '{}', 'header.Authorization': 'Bearer y', 'header.X-New': 'z' });
  });
});

it('knows the settings of every kind, and can say each', () => {
  for (const kind of channelKinds) {
    expect(channelSettings[kind].length).toBeGreaterThan(0);
    expect(describeChannel({ kind, settings: {}, secrets: [] })).not.toBe('');
  }

  expect(describeChannel({ kind: 'ntfy', settings: { topic: 'alerts', server: 'https://ntfy.example.com' }, secrets: [] })).toBe('alerts on ntfy.example.com');
});
