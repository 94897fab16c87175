/** Drawings; all say nothing to a screen reader. */

import type { ComponentChildren, JSX } from "preact";

function Icon({ children, size = 24 }: { children: ComponentChildren; size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const ChatIcon = () => (
  <Icon size={28}>
    <path d="M12 3.5c5 0 9 3.4 9 7.8s-4 7.7-9 7.7c-.9 0-1.800-.1-2.600-.3L4.500 21l.9-4C4 15.500 3 13.500 3 11.300 3 6.900 7 3.500 12 3.500Z" fill="currentColor" />
    <path d="M8 11.500h.01M12 11.500h.01M16 11.500h.01" stroke="var(--brand)" stroke-width="2.400" />
  </Icon>
);

export const DownIcon = ({ size = 24 }: { size?: number }) => (
  <Icon size={size}>
    <path d="m6 9 6 6 6-6" />
  </Icon>
);

export const CloseIcon = ({ size = 20 }: { size?: number }) => (
  <Icon size={size}>
    <path d="M18 6 6 18M6 6l12 12" />
  </Icon>
);

export const SendIcon = () => (
  <Icon size={20}>
    <path d="M12 19V5M5.500 11.500 12 5l6.500 6.500" stroke-width="2.400" />
  </Icon>
);

export const FileIcon = () => (
  <Icon size={20}>
    <path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8Z" />
    <path d="M14 3v5h5" />
  </Icon>
);

export const OutIcon = () => (
  <Icon size={15}>
    <path d="M8 6h10v10M18 6 6 18" />
  </Icon>
);

export const SmileIcon = () => (
  <Icon size={17}>
    <circle cx="12" cy="12" r="9" />
    <path d="M8.500 14.500c.9 1.200 2.100 1.800 3.500 1.800s2.600-.6 3.500-1.800M9 9.500h.01M15 9.500h.01" />
  </Icon>
);

export const SparkIcon = () => (
  <Icon size={18}>
    <path
      d="M12 3.500c.7 4.400 3.100 7.200 8 8.500-4.900 1.300-7.300 4.100-8 8.500-.7-4.400-3.100-7.200-8-8.500 4.900-1.300 7.300-4.100 8-8.500Z"
      fill="currentColor"
      stroke="none"
    />
  </Icon>
);

export const AlertIcon = () => (
  <Icon size={15}>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7.500v5M12 16h.01" />
  </Icon>
);

const MOUTHS: Record<number, string> = {
  1: "M11 25.500c1.200-3 3-4.500 5-4.500s3.800 1.500 5 4.500",
  2: "M11.500 23.500c1.200-1.500 2.700-2.200 4.500-2.200s3.300.7 4.500 2.200",
  3: "M11.500 22.200h9",
  4: "M11 20.500c1.300 2 3 3 5 3s3.700-1 5-3",
  5: "M10 19.500h12c-.3 3.800-2.600 6-6 6s-5.700-2.200-6-6Z",
};

/** A face for a rating of 1 to 5. */
export const Face = ({ score, size = 36 }: { score: number; size?: number }) => (
  <svg class={`face face-${score}`} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <circle cx="16" cy="16" r="14.500" class="face-skin" />
    <g fill="none" stroke="#3b2a05" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path d={score === 1 ? "m9 11 3.500 1.500M23 11l-3.500 1.500M11.500 14h.01M20.500 14h.01" : "M11.500 13v.6M20.500 13v.6"} stroke-width="2.400" />
      <path d={MOUTHS[score]} fill={score === 5 ? "#3b2a05" : "none"} />
    </g>
  </svg>
);
