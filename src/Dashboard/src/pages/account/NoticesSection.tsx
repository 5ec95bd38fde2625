import { Panel } from '../../components/Panel';
import { Switch } from '../../components/Switch';
import { switchNotices, useNoticeState, type NoticeState } from '../../notify/browserNotices';

const hints: Record<NoticeState, string> = {
  unsupported: 'This browser shows none here: it does so only for pages that come over HTTPS, or from its own machine.',
  denied: 'This browser was told not to show any for this page. Its settings for the page change that.',
  off: 'For new warnings and critical alerts, while a page of the dashboard is open but not in sight.',
  on: 'For new warnings and critical alerts, while a page of the dashboard is open but not in sight.',
};

/** Whether this browser tells of alerts. */
export function NoticesSection() {
  const state = useNoticeState();
  return (
    <Panel title="Notifications in this browser" aside={<Switch label="Notifications in this browser" isOn={state === 'on'} isDisabled={state === 'unsupported' || state === 'denied'} onChange={(isOn) => void switchNotices(isOn)} />}>
      <p className="text-ink-soft">{hints[state]}</p>
    </Panel>
  );
}
