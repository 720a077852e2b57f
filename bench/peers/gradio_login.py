"""Gradio's own way to sign in: a page with the login button and a greeting."""

import os

import gradio as gr


def hello(profile: gr.OAuthProfile | None) -> str:
    return "Not logged in!" if profile is None else f"Hello, {profile.name}!"


with gr.Blocks() as page:
    gr.LoginButton()
    greeting = gr.Markdown()
    page.load(hello, inputs=None, outputs=greeting)

page.launch(server_name="127.0.0.1", server_port=int(os.environ["PORT"]), quiet=True)
