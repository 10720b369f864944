const parts: readonly string[] = ["a", "b"];
parts.map((part: string): string => part.toUpperCase()) as string[];
