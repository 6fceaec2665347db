using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Speedup.Abstractions;

namespace JsonOld;

internal sealed partial class JsonOldHandler : ModuleHandler<TorchSharp.Modules.LayerNorm>
{
    public JsonOldHandler(ILogger<JsonOldHandler> logger) =>
        Uses(logger, JsonConvert.SerializeObject(new { a = 1 }), typeof(JsonConvert).Assembly.GetName().Version!);

    public override void Relate(IRelations relations) { }

    [LoggerMessage(1, LogLevel.Information, "JsonOld writes {Json} with Newtonsoft.Json {Version}")]
    private static partial void Uses(ILogger logger, string json, Version version);
}
