// Colors that the drawings need; those of panels stand in style.css.

export type ThemeName = "light" | "dark";

export interface Theme {
  paper: string;
  ink: string;
  soft: string;
  edge: string;
  /** Lines of what is possible, intended or former. */
  open: string;
  faint: string;
  accent: string;
  negated: string;
  types: string[];
  groups: string[];
}

// In the order of entity types: person, organization, place, group, event, title, date, work.
const LIGHT: Theme = {
  paper: "#ffffff", ink: "#1d2733", soft: "#5b6672", edge: "#8e9baa", open: "#c3ccd5", faint: "#e4e8ed", accent: "#d6246e", negated: "#d0566f",
  types: ["#d97320", "#2f74c0", "#3a9a4c", "#8257c2", "#cf3d5f", "#b28a0c", "#7d8894", "#1c9a92"],
  groups: ["#2f74c0", "#d97320", "#3a9a4c", "#cf3d5f", "#8257c2", "#1c9a92", "#b28a0c", "#c4519f", "#5f7f1e", "#8a5a3c", "#4b62c9", "#3f8da8"],
};

const DARK: Theme = {
  paper: "#14191f", ink: "#e8edf2", soft: "#9aa7b4", edge: "#64727f", open: "#3a4651", faint: "#242c35", accent: "#ff6fa8", negated: "#b8506a",
  types: ["#f0984c", "#62a4ea", "#62c074", "#aa86e6", "#ef6f8c", "#d9b53a", "#98a4b0", "#45c2ba"],
  groups: ["#62a4ea", "#f0984c", "#62c074", "#ef6f8c", "#aa86e6", "#45c2ba", "#d9b53a", "#e284c4", "#9fc04f", "#c08f6e", "#8496f0", "#74bdd6"],
};

export function theme(name: ThemeName): Theme {
  return name === "dark" ? DARK : LIGHT;
}

/** Types that a user added take the colors of others. */
export function typeColor(colors: Theme, type: number): string {
  return colors.types[type % colors.types.length]!;
}

export function groupColor(colors: Theme, group: number): string {
  return colors.groups[group % colors.groups.length]!;
}

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
