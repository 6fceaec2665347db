using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Plugins;

namespace Core.Tests.Kernel;

/// <summary>Handles steps by their scripts, and functions by the handlers that are given.</summary>
internal sealed class StepHandlers(IReadOnlyDictionary<MethodInfo, IFunctionHandler>? functions = null) : IHandlerSource
{
    private readonly StepHandler _steps = new();

    public IModuleHandler? FindModuleHandler(Type moduleType) => moduleType == typeof(Step) ? _steps : null;

    public IFunctionHandler? FindFunctionHandler(MethodInfo method) => functions?.GetValueOrDefault(method);

    public string? FindNamesake(Type moduleType) => null;

    private sealed class StepHandler : ModuleHandler<Step>
    {
        public override void InferFromWeight(IOperator op) => ModuleOf(op).Script.FromWeight(op);

        public override void InferFromInput(IOperator op) => ModuleOf(op).Script.FromInput(op);

        public override void InferFromOutput(IOperator op) => ModuleOf(op).Script.FromOutput(op);

        public override void Relate(IRelations relations) => ModuleOf(relations).Script.Relate(relations);

        public override void Constrain(IPlanning plan) => ModuleOf(plan).Script.Constrain(plan);
    }
}
