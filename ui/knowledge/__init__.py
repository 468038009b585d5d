"""The screen of the knowledge editors: answers, drafts, gaps."""

from ui.knowledge.screen import KnowledgeScreen

__all__ = ["KnowledgeScreen"]
