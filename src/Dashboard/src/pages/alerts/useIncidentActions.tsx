import { useState, type ReactNode } from 'react';
import { useAcknowledge } from '../../api/incidents';
import type { Incident } from '../../api/alertTypes';
import { SilenceDialog } from '../silences/SilenceDialog';
import { draftFor } from '../silences/silenceForm';
import { CommentDialog } from './CommentDialog';
import type { IncidentAction } from './incidentActions';

interface IncidentActions {
  act: (action: IncidentAction, incident: Incident) => void;
  isPending: boolean;
  /** Why the last one failed. */
  error: Error | null;
  /** The question that belongs to an action, while it is asked. */
  dialog: ReactNode;
}

/** What somebody does with incidents, from a list or from their own page. */
export function useIncidentActions(): IncidentActions {
  const acknowledge = useAcknowledge();
  const [asked, setAsked] = useState<{ action: 'comment' | 'silence'; incident: Incident } | null>(null);
  const close = () => setAsked(null);
  return {
    act: (action, incident) => {
      acknowledge.reset();
      if (action === 'comment' || action === 'silence') setAsked({ action, incident });
      else acknowledge.mutate({ id: incident.id, change: action });
    },
    isPending: acknowledge.isPending,
    error: acknowledge.error,
    dialog:
      asked?.action === 'comment' ? (
        <CommentDialog incident={asked.incident} onClose={close} />
      ) : asked?.action === 'silence' ? (
        <SilenceDialog title="Silence" id={null} draft={() => draftFor(asked.incident, Date.now())} onClose={close} />
      ) : null,
  };
}
