import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { servicesQuery } from './services-query.ts';

interface ServiceSelectProps {
  value: string | undefined;
  onChange: (service: string | undefined) => void;
}

/** Chooses one of the services that sent any signal; a service in the address stays choosable when it is gone. */
export function ServiceSelect({ value, onChange }: ServiceSelectProps): ReactElement {
  const services = useQuery(servicesQuery);
  const names = services.data?.services.map((service) => service.name) ?? [];
  const choices = value === undefined || names.includes(value) ? names : [...names, value];
  return (
    <Select
      label="Service"
      placeholder="Any service"
      data={choices.toSorted()}
      value={value ?? null}
      onChange={(service) => onChange(service ?? undefined)}
      clearable
      searchable
      nothingFoundMessage="No such service"
    />
  );
}
