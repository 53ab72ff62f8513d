import { Button, type ButtonProps } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'wouter';

/** A link that looks like the buttons beside it. */
export function LinkButton({
  href,
  ...props
}: { href: string; 'aria-label'?: string } & ButtonProps): JSX.Element {
  return <Button component={Link} href={href} size="xs" variant="default" {...props} />;
}
