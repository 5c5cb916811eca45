"""Notifications: what people are told of what happened, kept until they have read it or it has grown old.

The policy says who is told what of which event, and by which ways. Everything is in the list and on the screen; some of it
leaves the house by mail and text message as well. The list shows each notification; messages that repeat the kind and the
subject of one that has just left are collected and leave together, as one digest. What people turned off, and the hours of
their night, hold for everything but what is critical.
"""
