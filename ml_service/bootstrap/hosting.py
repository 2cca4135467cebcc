"""What hosts models for operators and other callers, over an engine and a database."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.models import predict_rows_of
from ml_service.bootstrap.new_models import dropped_models, upload_model_of
from ml_service.hosting.dropped import DroppedModels
from ml_service.hosting.watch import HostWatch
from ml_service.settings import Settings
from ml_service.storage.arms import SqlArmLog
from ml_service.storage.database import Database
from ml_service.use_cases.embed_texts import EmbedTexts
from ml_service.use_cases.graph_runs import GraphRuns
from ml_service.use_cases.host_models import HostModels
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.predict_rows import PredictRows
from ml_service.use_cases.predict_texts import PredictTexts
from ml_service.use_cases.serve_tensors import ServeTensors
from ml_service.use_cases.upload_model import UploadModel
from ml_service.use_cases.watch_arms import WatchArms

FULL = "Too many requests for vectors and tensors are in work. Try again shortly."


@dataclass(frozen=True, slots=True)
class Hosting:
    """``permits`` bound what is asked of models beside uploads of resumes."""

    registry: HostModels
    upload_model: UploadModel
    dropped_models: DroppedModels
    predict_rows: PredictRows
    serve_tensors: ServeTensors
    embed_texts: EmbedTexts
    watch_arms: WatchArms
    permits: Permits


@asynccontextmanager
async def running_hosting(
    engine: Engine, database: Database, settings: Settings
) -> AsyncIterator[Hosting]:
    """With an eye on the folder of models."""
    async with AsyncExitStack() as stack:
        arms = SqlArmLog(database)
        watch_arms = WatchArms(models=engine.models, arms=arms, clock=utc_now)
        stack.push_async_callback(watch_arms.close)
        graphs = GraphRuns(os.cpu_count() or 1)
        stack.push_async_callback(graphs.close)
        dropped = dropped_models(settings, engine.host)
        host_watch = HostWatch(engine.host, dropped)
        stack.push_async_callback(host_watch.close)
        host_watch.start()
        yield Hosting(
            registry=HostModels(host=engine.host, arms=arms, clock=utc_now),
            upload_model=upload_model_of(settings, engine.host),
            dropped_models=dropped,
            predict_rows=predict_rows_of(settings, engine.host, engine.analyse_resume, graphs),
            serve_tensors=ServeTensors(
                encoder=engine.encoder,
                host=engine.host,
                graphs=graphs,
                predict_texts=PredictTexts(engine.analyse_resume, utc_now),
            ),
            embed_texts=EmbedTexts(engine.encoder),
            watch_arms=watch_arms,
            permits=Permits(settings.max_uploads_in_work, full=FULL),
        )
