"""A chat as huggingface_hub's documentation puts it together: its sign-in, its client with the token of the user."""

import json
import os

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from huggingface_hub import AsyncInferenceClient, attach_huggingface_oauth, parse_huggingface_oauth
from pydantic import BaseModel

app = FastAPI()
attach_huggingface_oauth(app)


class Question(BaseModel):
    message: str
    model: str


@app.post("/chat")
async def chat(request: Request, question: Question):
    oauth_info = parse_huggingface_oauth(request)
    if oauth_info is None:
        raise HTTPException(401, "Not logged in!")
    return StreamingResponse(events(question, oauth_info.access_token), media_type="text/event-stream")


async def events(question: Question, token: str):
    async with AsyncInferenceClient(base_url=os.environ["HF_ROUTER_URL"], token=token) as client:
        stream = await client.chat.completions.create(
            model=question.model,
            messages=[{"role": "user", "content": question.message}],
            stream=True,
        )
        async for chunk in stream:
            yield f"data: {json.dumps({'text': chunk.choices[0].delta.content or ''})}\n\n"
    yield f"data: {json.dumps({'done': True})}\n\n"
