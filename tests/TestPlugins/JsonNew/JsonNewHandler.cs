using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Speedup.Abstractions;

namespace JsonNew;

internal sealed partial class JsonNewHandler : ModuleHandler<TorchSharp.Modules.GroupNorm>
{
    public JsonNewHandler(ILogger<JsonNewHandler> logger) =>
        Uses(logger, JsonConvert.SerializeObject(new { a = 1 }), typeof(JsonConvert).Assembly.GetName().Version!);

    public override void Relate(IRelations relations) { }

    [LoggerMessage(1, LogLevel.Information, "JsonNew writes {Json} with Newtonsoft.Json {Version}")]
    private static partial void Uses(ILogger logger, string json, Version version);
}
