import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useIncidents } from '../api/incidents';
import { severityNames, summarise } from '../lib/alertWords';
import { plural } from '../lib/format';
import { Novelty, shownAtOnce } from './browserNotices';

/** So many of the newest are looked at. */
const looked = 20;

/** Tells of new alerts that matter while nobody looks at the page. Draws nothing. */
export function BrowserNotices() {
  const { data: page } = useIncidents({ state: ['open'], severity: ['critical', 'warning'], limit: looked });
  const [, navigate] = useLocation();
  const novelty = useRef<Novelty | null>(null);
  useEffect(() => {
    if (!page) return;
    novelty.current ??= new Novelty();
    const fresh = novelty.current.take(page.incidents);
    if (!document.hidden || fresh.length === 0) return;
    const open = (notice: Notification, path: string) => {
      notice.onclick = () => {
        window.focus();
        navigate(path);
        notice.close();
      };
    };
    const { shown, more } = shownAtOnce(page.incidents.filter(({ id }) => fresh.includes(id)));
    for (const incident of shown) {
      // The tag is what keeps two tabs from saying the same.
      open(new Notification(`${severityNames[incident.severity]}: ${incident.host.name}`, { body: `${incident.rule.name}. ${summarise(incident)}`, tag: incident.id, icon: '/favicon.svg' }), `/alerts/${incident.id}`);
    }

    if (more > 0) open(new Notification(`${plural(more, 'more alert', 'more alerts')}`, { tag: 'more', icon: '/favicon.svg' }), '/alerts');
  }, [page, navigate]);
  return null;
}
