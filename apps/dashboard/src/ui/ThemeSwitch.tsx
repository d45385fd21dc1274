'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './Button.tsx';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const storageKey = 'pentimento.theme';
const icons = { system: Monitor, light: Sun, dark: Moon };

/** Steps through system, light and dark. public/theme.js applies the same choice before the first paint. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme(savedTheme()), []);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      const dark = savedTheme() === 'dark' || (savedTheme() === 'system' && system.matches);
      document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    };
    apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  const Icon = icons[theme];
  const choose = () => {
    saveTheme(next);
    setTheme(next);
  };
  return (
    <IconButton name={`Theme: ${theme}. Change to ${next}`} onClick={choose} data-testid="theme">
      <Icon size={16} aria-hidden />
    </IconButton>
  );
}

function savedTheme(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system';
  } catch {
    return 'system';
  }
}

function saveTheme(theme: Theme): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Storage may be disabled; the choice then lasts until the page is closed.
  }
}
