"""The Rasa side of Loket: components, policies, tracker store and the agent."""
