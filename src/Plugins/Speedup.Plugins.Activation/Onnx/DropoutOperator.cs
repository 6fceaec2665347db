using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes dropout and identity modules, which hand on what they read in evaluation mode.</summary>
internal sealed class DropoutOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(Identity),
            typeof(Dropout),
            typeof(Dropout1d),
            typeof(Dropout2d),
            typeof(Dropout3d),
            typeof(AlphaDropout),
            typeof(FeatureAlphaDropout),
        ];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "feature_dropout");

    /// <inheritdoc/>
    public override string? Limits => "functions that are told that the model trains";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        if (
            call.Module is null
            && call.Method.GetParameters().Any(parameter => parameter.Name is "training" or "train")
            && IsTraining(call)
        )
            throw call.Refuse("is told that the model trains: what it draws is another in each call");
        call.Return(graph.Add("Identity", [call.Tensors[0]]));
    }

    private static bool IsTraining(IOnnxCall call) => call.Truth("training") || call.Truth("train");
}
