"""Invented cases with planted answers, made by seeded generators."""
