import { ActionIcon, type ActionIconProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef, ReactElement } from 'react';

type AnchorProps = Omit<ComponentPropsWithRef<'a'>, 'style' | 'color'>;

function AnchorButton(props: AnchorProps & ButtonProps): ReactElement {
  return <Button {...props} component="a" />;
}

function AnchorIcon(props: AnchorProps & ActionIconProps): ReactElement {
  return <ActionIcon {...props} component="a" />;
}

/** A link within the console that looks like a button. */
export const ButtonLink = createLink(AnchorButton);

/** A link within the console that looks like an icon button. */
export const IconLink = createLink(AnchorIcon);
