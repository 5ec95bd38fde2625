import { useState } from 'react';
import { copyText } from '../lib/copyText';
import { Button } from './Button';
import { CheckIcon, CopyIcon } from './icons';

const shownMs = 2000;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  const copy = async () => {
    setOutcome((await copyText(text)) ? 'copied' : 'failed');
    setTimeout(() => setOutcome('none'), shownMs);
  };
  return (
    <Button onClick={copy} aria-live="polite">
      {outcome === 'copied' ? <CheckIcon className="size-4 text-good" /> : <CopyIcon />}
      {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Select it and copy by hand' : label}
    </Button>
  );
}
