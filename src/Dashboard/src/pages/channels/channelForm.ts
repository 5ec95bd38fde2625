import type { Channel, ChannelBody, ChannelKind } from '../../api/alertTypes';

export interface ChannelSetting {
  name: string;
  label: string;
  hint?: string;
  placeholder?: string;
  isOptional?: boolean;
  /** Never shown again; left alone it stays. */
  isSecret?: boolean;
  isLong?: boolean;
  choices?: { value: string; name: string }[];
}

export const channelKinds: readonly ChannelKind[] = ['telegram', 'email', 'ntfy', 'slack', 'discord', 'webhook'];

export const channelKindNames: Record<ChannelKind, string> = { telegram: 'Telegram', email: 'E-mail', webhook: 'Webhook', ntfy: 'ntfy', slack: 'Slack', discord: 'Discord' };

/** What a kind needs to know, in the order it is asked for. */
export const channelSettings: Record<ChannelKind, ChannelSetting[]> = {
  telegram: [{ name: 'chat', label: 'Chat id', placeholder: '123456789', hint: 'A number, of a group a negative one, or @name of a public channel. The bot must be in the group or channel.' }],
  email: [
    { name: 'to', label: 'To', placeholder: 'ops@example.com', hint: 'Up to 10 addresses, with commas between them.' },
    { name: 'from', label: 'From', placeholder: 'monitor@example.com' },
    { name: 'host', label: 'Mail server', placeholder: 'mail.example.com' },
    { name: 'port', label: 'Port', isOptional: true, placeholder: '587' },
    {
      name: 'security', label: 'Encryption',
      choices: [
        { value: 'startTls', name: 'STARTTLS (usual, port 587)' },
        { value: 'tls', name: 'TLS from the beginning (port 465)' },
        { value: 'none', name: 'None (port 25)' },
      ],
    },
    { name: 'username', label: 'User name', isOptional: true },
    { name: 'password', label: 'Password', isOptional: true, isSecret: true },
  ],
  webhook: [
    { name: 'url', label: 'Address', isSecret: true, placeholder: 'https://example.com/hook', hint: 'Gets a POST of JSON for each notification.' },
    { name: 'secret', label: 'Signing key', isOptional: true, isSecret: true, hint: 'Signs each request with HMAC-SHA256.' },
    { name: 'template', label: 'Template', isOptional: true, isLong: true, placeholder: '{"text": "{{title}}: {{text}}", "count": {{count}}}', hint: 'JSON of your own. {{title}}, {{text}}, {{severity}}, {{url}}, {{host}}, {{rule}} and {{at}} go into texts; {{count}} and {{alerts}} stand by themselves.' },
  ],
  ntfy: [
    { name: 'topic', label: 'Topic', placeholder: 'my-alerts', hint: 'Whoever knows its name can read along, unless the server asks for a token.' },
    { name: 'server', label: 'Server', isOptional: true, placeholder: 'https://ntfy.sh' },
    { name: 'token', label: 'Access token', isOptional: true, isSecret: true },
  ],
  slack: [{ name: 'url', label: 'Webhook address', isSecret: true, placeholder: 'https://hooks.slack.com/services/…', hint: 'Of an incoming webhook. Mattermost and others understand the same.' }],
  discord: [{ name: 'url', label: 'Webhook address', isSecret: true, placeholder: 'https://discord.com/api/webhooks/…', hint: 'From the settings of a text channel, under integrations.' }],
};

/** A header of a webhook. */
export interface HeaderDraft {
  name: string;
  /** Null is as it is stored. */
  value: string | null;
}

export interface ChannelDraft {
  name: string;
  kind: ChannelKind;
  enabled: boolean;
  settings: Record<string, string>;
  /** Secrets that are typed anew; of a channel that is there already, one that is not in here stays. */
  secrets: Record<string, string>;
  headers: HeaderDraft[];
}

export const maxHeaders = 10;
const headerPrefix = 'header.';

export function newChannel(kind: ChannelKind): ChannelDraft {
  return { name: '', kind, enabled: true, settings: kind === 'email' ? { security: 'startTls' } : {}, secrets: {}, headers: [] };
}

export function draftOf({ name, kind, enabled, settings, secrets }: Channel): ChannelDraft {
  const headers = secrets.filter((secret) => secret.startsWith(headerPrefix)).map((secret) => ({ name: secret.slice(headerPrefix.length), value: null }));
  return { name, kind, enabled, settings: { ...newChannel(kind).settings, ...settings }, secrets: {}, headers };
}

/** What is sent. `stored` is the channel as it is; what is gone of its headers is sent empty, which removes it. */
export function channelBody(draft: ChannelDraft, stored: Channel | null): ChannelBody {
  const known = channelSettings[draft.kind];
  const settings: Record<string, string> = {};
  for (const { name, isSecret } of known) {
    const value = (isSecret ? draft.secrets[name] : draft.settings[name])?.trim();
    if (isSecret ? value !== undefined && (value !== '' || stored !== null) : value) settings[name] = value ?? '';
  }

  const headers = draft.kind === 'webhook' ? draft.headers.filter(({ name }) => name.trim() !== '') : [];
  for (const { name, value } of headers) if (value !== null) settings[`${headerPrefix}${name.trim()}`] = value;
  for (const secret of stored?.secrets ?? []) {
    if (secret.startsWith(headerPrefix) && !headers.some(({ name }) => `${headerPrefix}${name.trim()}` === secret)) settings[secret] = '';
  }

  return { name: draft.name.trim(), kind: draft.kind, enabled: draft.enabled, settings };
}

/** Where a channel leads, in a few words; what is secret of it is not known here. */
export function describeChannel({ kind, settings, secrets }: Pick<Channel, 'kind' | 'settings' | 'secrets'>): string {
  switch (kind) {
    case 'telegram':
      return `Chat ${settings['chat'] ?? ''}`;
    case 'email':
      return `${settings['to'] ?? ''} by ${settings['host'] ?? ''}`;
    case 'ntfy':
      return `${settings['topic'] ?? ''} on ${(settings['server'] ?? 'ntfy.sh').replace(/^https?:\/\//, '')}`;
    case 'webhook':
      return secrets.includes('secret') ? 'Address is set, signed' : 'Address is set';
    default:
      return 'Address is set';
  }
}
