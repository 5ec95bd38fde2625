import { toggleTheme, useTheme } from '../lib/theme';
import { MoonIcon, SunIcon } from './icons';

export function ThemeToggle() {
  const theme = useTheme();
  const name = theme === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  return (
    <button type="button" onClick={toggleTheme} aria-label={name} title={name} className="grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-raised hover:text-ink">
      {theme === 'dark' ? <SunIcon className="size-[18px]" /> : <MoonIcon className="size-[18px]" />}
    </button>
  );
}
