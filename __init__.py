"""Carousel: who really put up the money, and when does the circle run backwards?"""
