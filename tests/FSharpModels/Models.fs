/// Networks from 3 to 4 channels with 8 in between, which F#'s own control flow leads from `first` to `last`.
module FSharpModels.Models

open TorchSharp
open type TorchSharp.torch

type Layer = nn.Module<Tensor, Tensor>

let private (-->) (x: Tensor) (layer: Layer) = layer.call x

let private depthwise () = nn.Conv2d(8L, 8L, 1L, groups = 8L) :> Layer

let rec private repeat count (step: Tensor -> Tensor) x =
    if count = 0 then x else repeat (count - 1) step (step x)

/// Pipelines with lambdas.
type Piped() as this =
    inherit nn.Module<Tensor, Tensor>("piped")
    let first = nn.Conv2d(3L, 8L, 3L)
    let scale = 2.0f.ToScalar()
    let last = nn.Conv2d(8L, 4L, 1L)
    do this.RegisterComponents()

    override _.forward x =
        x |> first.forward |> nn.functional.relu |> (fun y -> y * scale) |> last.forward

/// A fold over a list of modules, which the list holds, too.
type Folded() as this =
    inherit nn.Module<Tensor, Tensor>("folded")
    let first = nn.Conv2d(3L, 8L, 3L)
    let layers = [ for _ in 1..3 -> depthwise () ]
    let last = nn.Conv2d(8L, 4L, 1L)

    do
        layers |> List.iteri (fun i layer -> this.register_module ($"layer{i}", layer))
        this.RegisterComponents()

    override _.forward x =
        layers |> List.fold (fun (sum: Tensor) layer -> sum + layer.forward sum) (x --> first) |> last.forward

type Features = { Low: Tensor; High: Tensor }

/// Closures, a record, recursion over a function value and a sequence.
type Closed() as this =
    inherit nn.Module<Tensor, Tensor>("closed")
    let first = nn.Conv2d(3L, 8L, 3L)
    let layer = depthwise ()
    let bend = nn.Tanh()
    let last = nn.Conv2d(8L, 4L, 1L)
    do this.RegisterComponents()

    override _.forward x =
        let start = first.forward x
        let activate (y: Tensor) = y.sigmoid () * y
        let step = fun y -> activate (bend.forward y)
        let features = { Low = start.relu (); High = repeat 2 step (layer.forward start) }

        seq {
            yield features.Low
            yield features.High.tanh ()
        }
        |> Seq.map activate
        |> Seq.reduce (fun a b -> a + b)
        |> last.forward

/// A variable, loops, an option and list functions.
type Looped() as this =
    inherit nn.Module<Tensor, Tensor>("looped")
    let first = nn.Conv2d(3L, 8L, 3L)
    let layers = Array.init 2 (fun _ -> depthwise ())
    let gate = Some(depthwise ())
    let last = nn.Conv2d(8L, 4L, 1L)

    do
        layers |> Array.iteri (fun i layer -> this.register_module ($"layer{i}", layer))
        gate |> Option.iter (fun layer -> this.register_module ("gate", layer))
        this.RegisterComponents()

    override _.forward x =
        let mutable y = first.forward x

        for layer in layers do
            y <- layer.forward y

        let weight = gate |> Option.map (fun layer -> (layer.forward y).sigmoid ()) |> Option.defaultValue y
        [ y; weight; y * weight ] |> List.map (fun part -> part.relu ()) |> List.reduce (+) |> last.forward

/// Waves of positions in a buffer, cut to the length of the sequence, as TorchSharp's example has it; the sequence comes first.
type Encoded() as this =
    inherit nn.Module<Tensor, Tensor>("encoded")
    let embed = nn.Linear(6L, 8L)
    let first = nn.Linear(8L, 12L)
    let last = nn.Linear(12L, 4L)

    let pe =
        let position = torch.arange(0, 1024, 1).unsqueeze (1L)
        let divisors = (torch.arange (0, 8, 1) * (-System.Math.Log 10000.0 / 8.0).ToScalar()).exp ()
        (position * divisors).sin().unsqueeze(1L)

    do
        this.register_buffer ("pe", pe)
        this.RegisterComponents()

    override _.forward x =
        let length = x.shape[0]
        let y = embed.forward x + pe[TensorIndex.Slice(0L, length), TensorIndex.Slice()]
        y |> first.forward |> nn.functional.relu |> last.forward
/// Code that chooses by the input's size, by what it has counted, or by how it was built.
type Choosing(choose: Tensor -> Tensor) as this =
    inherit nn.Module<Tensor, Tensor>("choosing")
    let first = nn.Conv2d(3L, 8L, 3L)
    let last = nn.Conv2d(8L, 4L, 1L)
    do this.RegisterComponents()
    override _.forward x = x --> first |> choose |> last.forward

type Counting(limit: int) as this =
    inherit nn.Module<Tensor, Tensor>("counting")
    let first = nn.Conv2d(3L, 8L, 3L)
    let last = nn.Conv2d(8L, 4L, 1L)
    let mutable calls = 0
    do this.RegisterComponents()

    override _.forward x =
        calls <- calls + 1
        let y = first.forward x
        last.forward (if calls > limit then y.tanh () else y)

let branching () =
    new Choosing(fun x -> if x.shape[2] > 20L then x.tanh () else x)

let matching () =
    new Choosing(fun x ->
        match x.shape[0] with
        | 1L -> x.sigmoid ()
        | 2L -> x.relu ()
        | _ -> x)

let looping () =
    new Choosing(fun x ->
        let mutable y = x

        for _ in 1L .. x.shape[0] do
            y <- y + 0.25.ToScalar()

        y)

let recursive () =
    new Choosing(fun x -> repeat (System.Convert.ToInt32 x.shape[2] / 4) (fun y -> y + 0.25.ToScalar()) x)

let folding () =
    new Choosing(fun x ->
        [ 1 .. System.Convert.ToInt32 x.shape[0] ] |> List.fold (fun (y: Tensor) step -> if step > 4 then y.tanh () else y) x)

let mapping () =
    new Choosing(fun x ->
        if x.shape |> Array.map (fun size -> size * 2L) |> Array.exists (fun size -> size > 100L) then
            x.tanh ()
        else
            x)

let configured (scales: float list) (bend: bool) =
    new Choosing(fun x ->
        let y = if bend then x.tanh () else x
        scales |> List.fold (fun (z: Tensor) scale -> if scale > 1.0 then z * scale.ToScalar() else z) y)
/// TorchSharp's own operator that hands a tensor to a module.
type Arrows() as this =
    inherit nn.Module<Tensor, Tensor>("arrows")
    let first = nn.Conv2d(3L, 8L, 3L)
    let bend = nn.ReLU()
    let last = nn.Conv2d(8L, 4L, 1L)
    do this.RegisterComponents()

    override _.forward x =
        Tensor.op_MinusMinusGreater (Tensor.op_MinusMinusGreater (Tensor.op_MinusMinusGreater (x, first), bend), last)

/// A part without a forward of TorchSharp's, whose method is named as TorchSharp's is.
type Part() as this =
    inherit nn.Module("part")
    let bend = nn.Tanh()
    do this.RegisterComponents()
    member _.call(x: Tensor, times: float32) = bend.call (x * times.ToScalar())

type OwnCall() as this =
    inherit nn.Module<Tensor, Tensor>("own call")
    let first = nn.Conv2d(3L, 8L, 3L)
    let part = new Part()
    let last = nn.Conv2d(8L, 4L, 1L)
    do this.RegisterComponents()
    override _.forward x = last.call (part.call (first.call x, 2.0f))
