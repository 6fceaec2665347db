using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Speedup.Abstractions;
using TestModules;

namespace SharesModules;

internal sealed partial class DoublerHandler : RuleModuleHandler<Doubler>
{
    public DoublerHandler(ILogger<DoublerHandler> logger) => Uses(logger, typeof(JsonConvert).Assembly.GetName().Version!);

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Varying];

    [LoggerMessage(1, LogLevel.Information, "SharesModules uses Newtonsoft.Json {Version}")]
    private static partial void Uses(ILogger logger, Version version);
}
