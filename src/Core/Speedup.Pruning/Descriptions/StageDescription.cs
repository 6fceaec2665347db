using System.Text.Json.Serialization;

namespace Speedup.Pruning.Descriptions;

/// <summary>A stage of a described pipeline; its member <c>stage</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "stage")]
[JsonDerivedType(typeof(PruneDescription), "prune")]
[JsonDerivedType(typeof(FineTuneDescription), "fine-tune")]
[JsonDerivedType(typeof(SpeedupDescription), "speedup")]
[JsonDerivedType(typeof(EvaluateDescription), "evaluate")]
[JsonDerivedType(typeof(SaveDescription), "save")]
[JsonDerivedType(typeof(IterateDescription), "iterate")]
public abstract record StageDescription;
