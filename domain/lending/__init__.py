"""Lending: microfinance loans from the application to the last instalment, every state of them a function of their facts."""
